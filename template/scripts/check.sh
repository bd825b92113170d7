#!/usr/bin/env bash
# scripts/check.sh: style, types, import directions and tests, as a colleague or a CI host runs them
set -euo pipefail
cd "$(dirname "$0")/.."
uv run ruff check .
uv run ruff format --check .
uv run mypy
uv run lint-imports
uv run pytest
