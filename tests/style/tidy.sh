#!/usr/bin/env bash
# tests: clang-tidy over what changed since it last passed: a file is looked at again when it, a header or the rules changed.
#
#   tests/style/tidy.sh [BUILD [whole]]
#
# All rules each time; the analyser walks a third of its usual paths through a function and into smaller callees only, unless `whole` (soak/tidy):
# that is six times the work and a sixth of the full run (decision 44).
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${1:-build/debug}
depth='--extra-arg=-Xclang --extra-arg=-analyzer-config --extra-arg=-Xclang --extra-arg=max-inlinable-size=20,max-nodes=75000'
[ "${2:-}" != whole ] || depth=
done=build/tidy-passed
mkdir -p "$done"
rules=$( (echo "$depth"; git ls-files -co --exclude-standard .clang-tidy '*.h' | sort | xargs cat) | sha256sum | cut -c1-16)

changed=()
declare -A mark
while read -r file; do
	mark[$file]=$done/$( (echo "$rules" "$file"; cat "$file") | sha256sum | cut -c1-32)
	[ -e "${mark[$file]}" ] || changed+=("$file")
done < <(git ls-files -co --exclude-standard 'services/*.c' 'gateway/*.c')
echo "${#changed[@]} of ${#mark[@]} files to look at"
[ ${#changed[@]} -gt 0 ] || exit 0

# A file that is compiled twice (a test builds some without sanitizers) would be looked at twice in one process, and the second look
# of clang-tidy 14 takes every va_list for uninitialised.
once=$build/tidy
mkdir -p "$once"
node -e 'const { readFileSync, writeFileSync } = require("node:fs"), seen = new Set();
	const all = JSON.parse(readFileSync(process.argv[1], "utf8")).filter(({ file }) => !seen.has(file) && seen.add(file));
	writeFileSync(process.argv[2], JSON.stringify(all));' "$build/compile_commands.json" "$once/compile_commands.json"

export once depth
failed=0
# Two at a time; the mark is written only by a file that passed.
printf '%s\n' "${changed[@]}" | while read -r file; do printf '%s\n%s\n' "$file" "${mark[$file]}"; done |
	xargs -P "$(nproc)" -n 2 bash -c 'clang-tidy --quiet -p "$once" $depth "$0" 2>&1 | grep -vE "^[0-9]+ warnings? (generated|treated)|^Suppressed|^Use -" ; [ "${PIPESTATUS[0]}" = 0 ] && touch "$1"' || failed=1
exit $failed
