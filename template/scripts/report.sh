#!/usr/bin/env bash
# BASE=main scripts/report.sh: write metrics compared with BASE, and the gate's report, to build/report.md and the summary of the CI job
# Example: BASE=main scripts/report.sh
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."; [ ! -e uv.lock ] || [ -n "${UV_FROZEN:-}" ] || export UV_LOCKED=1
mkdir -p build
base=$(git rev-parse --verify --quiet "${BASE:-HEAD~1}^{commit}" || git rev-parse HEAD)
base=$(git rev-parse --short "$base")
{
  printf '## Metrics, now and at %s\n\n' "$base"
  uv run dvc metrics diff --all --md --precision 4 "$base"
  printf '\n## Parameters that changed since %s\n\n' "$base"
  uv run dvc params diff --md "$base"
  printf '\n'
  [ ! -e reports/gate.md ] || sed 's/^# /## /' reports/gate.md
} >build/report.md
tee -a "${GITHUB_STEP_SUMMARY:-/dev/null}" <build/report.md
