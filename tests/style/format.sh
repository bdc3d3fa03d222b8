#!/usr/bin/env bash
# tests: every C file of ours is as clang-format would leave it.
set -euo pipefail
cd "$(dirname "$0")/../.."
git ls-files -co --exclude-standard '*.c' '*.h' | xargs -r clang-format --dry-run -Werror
