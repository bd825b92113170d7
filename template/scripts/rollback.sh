#!/usr/bin/env bash
# scripts/rollback.sh [STAGE]: roll back a stage (prod) to the previous version, and write its files to served/STAGE
# Example: scripts/rollback.sh prod
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."; [ ! -e uv.lock ] || [ -n "${UV_FROZEN:-}" ] || export UV_LOCKED=1
stage=${1:-prod}
uv run modelyard rollback --stage "$stage" --into "served/$stage"
