#!/usr/bin/env bash
# scripts/retrain.sh [DAY]: retrain if a reason is active on a day (today); exit code 0 done or not due, 20 refused, 75 busy, 1 error
# Example: scripts/retrain.sh 2013-10-01
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."; [ ! -e uv.lock ] || [ -n "${UV_FROZEN:-}" ] || export UV_LOCKED=1
uv run modelyard retrain ${1:+--now "$1"}
registered=.cache/retrain/registered
if [ -e "$registered" ] && [ -e scripts/approve.sh ]; then scripts/approve.sh "$(cat "$registered")"; fi
