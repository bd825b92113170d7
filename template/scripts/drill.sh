#!/usr/bin/env bash
# scripts/drill.sh: rehearse scripts/rollback.sh in a scratch clone: same predictions as before, and in time? exit code 20 if not
# The report goes into build/drill.md and a CI job's summary; repository, tags and served/ stay as they are.
# Example: scripts/drill.sh
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."
mkdir -p build
uv run modelyard drill | tee build/drill.md | tee -a "${GITHUB_STEP_SUMMARY:-/dev/null}"
