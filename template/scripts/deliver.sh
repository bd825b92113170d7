#!/usr/bin/env bash
# scripts/deliver.sh TAG: verify a promoted version, build, try and scan its images, compare it with the one before: push, or roll back (20)
# Example: scripts/deliver.sh 'model#prod#1'
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."
tag=${1:?"say the tag, such as scripts/deliver.sh 'model#prod#1'"}
engine=${CONTAINER_ENGINE:-$(command -v podman || command -v docker)} package=$(basename "$(dirname src/*/schema.py)")
case $tag in 'model#prod#'*) ;; *) echo "error: the tag is '$tag', allowed is such as 'model#prod#1'" >&2 && exit 1 ;; esac
[ "$(git rev-parse "$tag^{commit}")" = "$(git rev-parse HEAD)" ] || { echo "error: $tag is not what is checked out" >&2; exit 1; }
[ -z "${PUSH_URL:-}" ] || git remote set-url --push origin "$PUSH_URL" # where a rollback is noted
uv run dvc pull gate
uv run modelyard verify prod # each hash of the release manifest
targets=()
for target in rest batch edge; do [ ! -e "deployment/$target" ] || targets+=("$target"); done
for target in "${targets[@]}"; do
  scripts/image.sh "$target"
  scripts/smoke.sh "$target"
done
scripts/scan.sh
told=$(git tag --list --format='%(contents:subject)' "$tag")
if [ "$(git tag --list 'model#prod#*' | wc -l)" -gt 1 ] && [ "${told#Roll back}" = "$told" ]; then # what was gone back to, served well
  verdict=0 && scripts/canary.sh prod prod~1 || verdict=$?
  [ "$verdict" -ne 20 ] || scripts/rollback.sh prod
  [ "$verdict" -eq 0 ] || exit "$verdict"
fi
[ -n "${REGISTRY:-}" ] || { echo "not pushed: REGISTRY is not set"; exit 0; }
"$engine" login --username "$REGISTRY_USER" --password-stdin "${REGISTRY%%/*}" <<<"$REGISTRY_PASSWORD"
for target in "${targets[@]}"; do
  name=$REGISTRY/$package-$target:${tag//\#/-}
  "$engine" tag "$package-$target:latest" "$name"
  "$engine" push "$name"
done
