#!/usr/bin/env bash
# scripts/promote.sh VERSION [STAGE]: promote a registered version to a stage (prod), and write its files to served/STAGE
# Example: scripts/promote.sh v0.2.0
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."; [ ! -e uv.lock ] || [ -n "${UV_FROZEN:-}" ] || export UV_LOCKED=1
version=${1:?"give the version, for example: scripts/promote.sh v0.2.0"} stage=${2:-prod}
uv run modelyard promote "$version" --stage "$stage" --into "served/$stage"
