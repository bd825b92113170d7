#!/usr/bin/env bash
# scripts/drill.sh: rehearse scripts/rollback.sh in a temporary clone, and check predictions and duration; exit code 20: a check failed
# Writes the report to build/drill.md and the summary of the CI job. Repository, tags and served/ are unchanged.
# Example: scripts/drill.sh
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."; [ ! -e uv.lock ] || [ -n "${UV_FROZEN:-}" ] || export UV_LOCKED=1
mkdir -p build
uv run modelyard drill | tee build/drill.md | tee -a "${GITHUB_STEP_SUMMARY:-/dev/null}"
