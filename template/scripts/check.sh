#!/usr/bin/env bash
# scripts/check.sh [OPTION OF PYTEST...]: style, types and tests, as a colleague or a CI host runs them
# Example: scripts/check.sh -k schema
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."
uv run ruff check .
uv run ruff format --check .
uv run mypy
uv run pytest "$@"
