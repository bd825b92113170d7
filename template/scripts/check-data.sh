#!/usr/bin/env bash
# scripts/check-data.sh: ingest, validate and split the rows, and test the result
# Example: scripts/check-data.sh
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."; [ ! -e uv.lock ] || [ -n "${UV_FROZEN:-}" ] || export UV_LOCKED=1
uv run dvc repro prepare
uv run pytest ${CI:+--junitxml=build/tests.xml} -m made tests/test_data.py
