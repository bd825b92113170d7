#!/usr/bin/env bash
# scripts/check.sh [PYTEST OPTION...]: check style and types, and run the tests
# Example: scripts/check.sh -k schema
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."; [ ! -e uv.lock ] || [ -n "${UV_FROZEN:-}" ] || export UV_LOCKED=1
uv run poe lint
uv run pytest ${CI:+--junitxml=build/tests.xml} "$@"
