#!/usr/bin/env bash
# scripts/canary.sh VERSION [OTHER]: compare a version with another (prod) for each target; exit code 20: no go. DEVICES, SHARE: docs/runbook.md
# Example: scripts/canary.sh v0.2.0
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."; [ ! -e uv.lock ] || [ -n "${UV_FROZEN:-}" ] || export UV_LOCKED=1
version=${1:?"give the version, for example: scripts/canary.sh v0.2.0"} other=${2:-prod} at=build/canary input=${BATCH_INPUT:-data/raw} code=0 rows=data/raw/rows.parquet
uv run modelyard fetch "$version" "$at/candidate"
uv run modelyard fetch "$other" "$at/serving"
commit=$(uv run python -c "import json; print(json.load(open('$at/serving/release.json'))['commit'])")
trap 'git worktree remove --force "$at/code"' EXIT
git worktree add --quiet --force --detach "$at/code" "$commit" # the serving model runs with the code of its commit
serving() { PYTHONPATH=$PWD/$at/code/src MODEL_DIR=$at/serving uv run modelyard "$@"; }
for target in batch edge rest; do
  [ -e "deployment/$target" ] || continue
  rm -f "reports/canary/$target".*
  case $target in
  rest) uv run modelyard canary rest --candidate "$at/candidate" --serving "$at/serving" --serving-code "$PWD/$at/code/src" ;;
  batch) { [ -n "${BATCH_INPUT:-}" ] || [ -e "$rows" ] || uv run dvc pull --quiet "$rows"; } && serving score "$input" "$at/published" && uv run modelyard canary batch "$input" "$at/published" --candidate "$at/candidate" ;;
  edge) MODEL_DIR=$at/candidate uv run modelyard bundle "$at/new" && serving bundle "$at/old" &&
    uv run modelyard canary edge --candidate "$at/new" --serving "$at/old" ${DEVICES:+--devices "$DEVICES"} ${SHARE:+--share "$SHARE"} ;;
  esac || code=$((code ? code : $?)) # of the first target that fails
  [ ! -e "reports/canary/$target.md" ] || cat "reports/canary/$target.md" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
done
exit "$code"
