#!/usr/bin/env bash
# tests: every C file of ours is as clang-format would leave it. Names those that are not; `tests/style/format.sh --fix` changes them.
set -euo pipefail
cd "$(dirname "$0")/../.."
mapfile -t files < <(git ls-files -co --exclude-standard '*.c' '*.h')
[ "${1-}" != --fix ] || exec clang-format -i "${files[@]}"
clang-format --dry-run "${files[@]}" 2>&1 | sed -n 's/^\([^: ]*\):[0-9]*:.*clang-format-violations.*/not formatted  \1/p' | sort -u | tee /dev/stderr | grep -q . && exit 1
exit 0
