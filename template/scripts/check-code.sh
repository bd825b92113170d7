#!/usr/bin/env bash
# scripts/check-code.sh: the lock, style, types, import directions, and the tests that need no data and no model
# Example: scripts/check-code.sh
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."
[ ! -e uv.lock ] || uv lock --check
scripts/check.sh -m "not made"
