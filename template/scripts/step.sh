#!/usr/bin/env bash
# scripts/step.sh NAME COMMAND...: run a step of the runbook; who, when, how long go into reports/steps.jsonl; alone it lists them
# Example: scripts/step.sh train uv run dvc repro train
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."
uv run python -m "$(basename src/*/).monitoring.step" "$@"
