#!/usr/bin/env bash
# scripts/check-model.sh: run the changed stages of the pipeline, and the tests that need data or a model
# Example: scripts/check-model.sh
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."; [ ! -e uv.lock ] || [ -n "${UV_FROZEN:-}" ] || export UV_LOCKED=1
uv run dvc repro
uv run pytest ${CI:+--junitxml=build/tests.xml} -m made --ignore tests/test_data.py
