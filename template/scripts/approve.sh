#!/usr/bin/env bash
# scripts/approve.sh VERSION: promote a version if canary.prod_approval is false and the canary says go; exit code 20: no go
# Example: scripts/approve.sh v0.2.0
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."; [ ! -e uv.lock ] || [ -n "${UV_FROZEN:-}" ] || export UV_LOCKED=1
version=${1:?"give the version, for example: scripts/approve.sh v0.2.0"} code=0
uv run modelyard approve "$version" || code=$?
[ "$code" -ne 10 ] || exit 0 # a person promotes it
[ "$code" -eq 0 ] || exit "$code"
scripts/canary.sh "$version" || code=$?
[ "$code" -eq 0 ] || { echo "approve: $version is not promoted, the canary ended with exit code $code; see reports/canary/" >&2; exit "$code"; }
scripts/promote.sh "$version"
