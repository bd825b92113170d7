#!/usr/bin/env bash
# scripts/canary.sh VERSION [OTHER]: compare a registered model with another (the one in prod), for each target; exit code 20: no go
# All targets are looked at; the first that is no go says the exit code. DEVICES=FILE SHARE=0.05: edge's devices, see docs/runbook.md
# Example: scripts/canary.sh v0.2.0
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."
version=${1:?"say the version, such as scripts/canary.sh v1.2.0"} other=${2:-prod}
new=build/canary/candidate old=build/canary/serving
uv run modelyard fetch "$version" "$new"
uv run modelyard fetch "$other" "$old"
# The model in service runs by the code that it was made with: its features may have changed since.
commit=$(uv run python -c "import json; print(json.load(open('$old/release.json'))['commit'])")
trap 'git worktree remove --force build/canary/code' EXIT
git worktree add --quiet --force --detach build/canary/code "$commit"
before=$PWD/build/canary/code/src
verdict=0
for target in batch edge rest; do
  [ -e "deployment/$target" ] || continue
  rm -f "reports/canary/$target".*
  case $target in
  rest) uv run modelyard canary rest --candidate "$new" --serving "$old" --serving-code "$before" ;;
  batch)
    PYTHONPATH=$before MODEL_DIR=$old uv run modelyard score "${BATCH_INPUT:-data/raw}" build/canary/published &&
      uv run modelyard canary batch "${BATCH_INPUT:-data/raw}" build/canary/published --candidate "$new"
    ;;
  edge)
    MODEL_DIR=$new uv run modelyard bundle build/canary/new &&
      PYTHONPATH=$before MODEL_DIR=$old uv run modelyard bundle build/canary/old &&
      uv run modelyard canary edge --candidate build/canary/new --serving build/canary/old \
        ${DEVICES:+--devices "$DEVICES"} ${SHARE:+--share "$SHARE"}
    ;;
  esac || verdict=$((verdict ? verdict : $?))
  [ ! -e "reports/canary/$target.md" ] || cat "reports/canary/$target.md" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
done
exit "$verdict"
