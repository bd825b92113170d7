#!/usr/bin/env bash
# scripts/check-code.sh: the lock, style, types and tests; where CI checks data and model apart, only the tests that need neither
# Example: scripts/check-code.sh
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."
[ ! -e uv.lock ] || uv lock --check
[ ! -e scripts/check-model.sh ] || exec scripts/check.sh -m "not made"
uv run dvc repro
scripts/check.sh
