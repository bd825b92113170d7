#!/usr/bin/env bash
# scripts/deliver.sh TAG: verify a promoted version, build, test and scan its images, run the canary; then push, or roll back (exit code 20)
# With REGISTRY: pushes the images as NAME:VERSION, and writes their digests to the registry and deployment/prod/; builds nothing twice.
# Example: scripts/deliver.sh 'model#prod#1'
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."
tag=${1:?"give the tag, for example: scripts/deliver.sh 'model#prod#1'"} package=$(basename "$(dirname src/*/schema.py)") targets=() pushed=() code=0
engine=${CONTAINER_ENGINE:-$(command -v podman || command -v docker)} host=${REGISTRY:-}
[ -z "${PUSH_URL:-}" ] || git remote set-url --push origin "$PUSH_URL" # for commits and tags
uv run modelyard deliver "$tag" || code=$? # exit code 10: its images are not built yet
[ "$code" -eq 10 ] || exit $((code > 0))
[ -z "$host" ] || [ "${REGISTRY_PUSH:-0}" != 1 ] || git push --quiet --dry-run origin HEAD:refs/heads/may-push # or stop here
uv run dvc pull --force gate
for target in rest batch edge pipeline; do [ ! -e "deployment/$target" ] || targets+=("$target"); done
for target in "${targets[@]}"; do scripts/image.sh "$target"; scripts/smoke.sh "$target"; done
scripts/scan.sh
code=0 && uv run modelyard show prod~1 >/dev/null || code=$? # exit code 20: no version served before
[ "$code" -eq 20 ] || [[ $(git tag --list --format='%(contents:subject)' "$tag") = "Roll back"* ]] || scripts/canary.sh prod prod~1 ||
  { code=$? && { [ "$code" -ne 20 ] || scripts/rollback.sh prod; } && exit "$code"; }
[ -n "$host" ] || { echo "not pushed: REGISTRY is not set"; exit 0; }
"$engine" login --username "$REGISTRY_USER" --password-stdin "${host%%/*}" <<<"$REGISTRY_PASSWORD"
version=$(uv run modelyard show prod | sed -n 's/^  "release": "\(.*\)",$/\1/p')
for target in "${targets[@]}"; do image=$(scripts/push.sh "$target" "$version") && pushed+=("$target=$image"); done
uv run modelyard deliver "$tag" "${pushed[@]}"
