#!/usr/bin/env bash
# scripts/promote.sh VERSION [STAGE]: let a registered version serve a stage (prod); its files go to served/STAGE
# Example: scripts/promote.sh v0.2.0
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."
version=${1:?"say the version, such as scripts/promote.sh v0.2.0"} stage=${2:-prod}
uv run modelyard promote "$version" --stage "$stage" --into "served/$stage"
