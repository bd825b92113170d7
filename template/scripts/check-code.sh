#!/usr/bin/env bash
# scripts/check-code.sh: check lock file, style, types and tests; at level 3 only the tests that need neither data nor a model
# Example: scripts/check-code.sh
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."; [ ! -e uv.lock ] || [ -n "${UV_FROZEN:-}" ] || export UV_LOCKED=1
[ ! -e uv.lock ] || uv lock --check
[ ! -e scripts/check-model.sh ] || exec scripts/check.sh -m "not made"
uv run dvc repro
scripts/check.sh
