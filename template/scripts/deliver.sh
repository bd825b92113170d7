#!/usr/bin/env bash
# scripts/deliver.sh TAG: verify a promoted version, build, test and scan its images, run the canary; then push, or roll back (exit code 20)
# Example: scripts/deliver.sh 'model#prod#1'
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."
tag=${1:?"give the tag, for example: scripts/deliver.sh 'model#prod#1'"} package=$(basename "$(dirname src/*/schema.py)") targets=()
engine=${CONTAINER_ENGINE:-$(command -v podman || command -v docker)}
case $tag in 'model#prod#'*) ;; *) echo "error: the tag is '$tag', allowed is for example 'model#prod#1'" >&2 && exit 1 ;; esac
[ "$(git rev-parse "$tag^{commit}")" = "$(git rev-parse HEAD)" ] || { echo "error: $tag is not checked out" >&2; exit 1; }
[ -z "${PUSH_URL:-}" ] || git remote set-url --push origin "$PUSH_URL" # a rollback pushes its tag there
uv run dvc pull gate
uv run modelyard verify prod # each hash in the release manifest
for target in rest batch edge; do [ ! -e "deployment/$target" ] || targets+=("$target"); done
for target in "${targets[@]}"; do scripts/image.sh "$target"; scripts/smoke.sh "$target"; done
scripts/scan.sh
if [ "$(git tag --list 'model#prod#*' | wc -l)" -gt 1 ] && [[ $(git tag --list --format='%(contents:subject)' "$tag") != "Roll back"* ]]; then
  scripts/canary.sh prod prod~1 || { code=$? && { [ "$code" -ne 20 ] || scripts/rollback.sh prod; } && exit "$code"; }
fi
[ -n "${REGISTRY:-}" ] || { echo "not pushed: REGISTRY is not set"; exit 0; }
"$engine" login --username "$REGISTRY_USER" --password-stdin "${REGISTRY%%/*}" <<<"$REGISTRY_PASSWORD"
for target in "${targets[@]}"; do
  "$engine" tag "$package-$target:latest" "$REGISTRY/$package-$target:${tag//\#/-}"
  "$engine" push "$REGISTRY/$package-$target:${tag//\#/-}"
done
