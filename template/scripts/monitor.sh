#!/usr/bin/env bash
# scripts/monitor.sh [DAY]: evaluate the predictions recorded up to a day (today); exit code 0 fine, 10 retraining is due, 20 incident, 1 error
# Example: scripts/monitor.sh 2013-11-15
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."; [ ! -e uv.lock ] || [ -n "${UV_FROZEN:-}" ] || export UV_LOCKED=1
[ $# -eq 0 ] || export AS_OF=$1
uv run modelyard monitor
