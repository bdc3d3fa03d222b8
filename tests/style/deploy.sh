#!/usr/bin/env bash
# tests: the files in deploy/ are what their programs accept: shell, HAProxy, systemd.
set -euo pipefail
cd "$(dirname "$0")/../.."
for file in deploy/install deploy/build deploy/demo deploy/print-agent deploy/streaming/start tests/run tests/bench tests/bare tests/style/*.sh tests/support/with_* .ci/run; do bash -n "$file"; done

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$dir/key" -out "$dir/cert" -days 1 -subj /CN=localhost 2>/dev/null
cat "$dir/cert" "$dir/key" >"$dir/site.pem"
for file in deploy/haproxy/*.cfg; do
	sed -e "s#crt /etc/haproxy/certs/#crt $dir/site.pem#" -e '/^\t\(user\|group\) /d' "$file" >"$dir/haproxy.cfg"
	/usr/sbin/haproxy -c -q -f "$dir/haproxy.cfg"
done

if command -v systemd-analyze >/dev/null; then
	mkdir "$dir/units"
	for file in deploy/systemd/*.service; do sed 's#/usr/bin/plenumd\?#/bin/true#; s#/opt/plenum/deploy/print-agent#/bin/true#' "$file" >"$dir/units/$(basename "$file")"; done
	systemd-analyze verify "$dir"/units/*.service
fi
