#!/usr/bin/env bash
# scripts/deliver.sh TAG: verify a promoted version, build, test and scan its images, run the canary; then push, or roll back (exit code 20)
# With REGISTRY: pushes the images as NAME:VERSION, writes their digests to the registry and deployment/prod/, and publishes a release.
# Example: scripts/deliver.sh 'model#prod#1'
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."; [ ! -e uv.lock ] || [ -n "${UV_FROZEN:-}" ] || export UV_LOCKED=1
tag=${1:?"give the tag, for example: scripts/deliver.sh 'model#prod#1'"} targets=() code=0
[ -z "${PUSH_URL:-}" ] || git remote set-url --push origin "$PUSH_URL" # for commits and tags
uv run modelyard deliver "$tag" && exit 0 || [ "$?" -eq 10 ] || exit 1 # exit code 10: its images are not built yet
[ -z "${REGISTRY:-}" ] || [ "${REGISTRY_PUSH:-0}" != 1 ] || git push --quiet --dry-run origin HEAD:refs/heads/may-push # or stop here
uv run dvc pull --force gate
for target in rest batch edge pipeline; do [ ! -e "deployment/$target" ] || targets+=("$target"); done
for target in "${targets[@]}"; do scripts/image.sh "$target"; scripts/smoke.sh "$target"; done
scripts/scan.sh
uv run modelyard show prod~1 >/dev/null 2>&1 || code=$? # exit code 20: no version served before
[ "$code" -eq 20 ] || [[ $(git tag --list --format='%(contents:subject)' "$tag") = "Roll back"* ]] || scripts/canary.sh prod prod~1 ||
  { code=$? && { [ "$code" -ne 20 ] || scripts/rollback.sh prod; } && exit "$code"; }
[ -n "${REGISTRY:-}" ] || { echo "not pushed: REGISTRY is not set"; exit 0; }
version=$(uv run modelyard show prod | sed -n 's/^  "release": "\(.*\)",$/\1/p')
images=$(scripts/push.sh "$version" "${targets[@]}") # one a line
uv run modelyard deliver "$tag" $images
[ -z "${GH_TOKEN:-}" ] || gh release create "model@$version" --verify-tag --notes-file <(uv run modelyard card "$version") build/parts/*.json
[ -z "${CI_JOB_TOKEN:-}" ] || curl --fail --silent --show-error --output /dev/null --header "JOB-TOKEN: $CI_JOB_TOKEN" \
  --data-urlencode tag_name="model@$version" --data-urlencode description@<(uv run modelyard card "$version") "$CI_API_V4_URL/projects/$CI_PROJECT_ID/releases"
