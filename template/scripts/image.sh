#!/usr/bin/env bash
# scripts/image.sh TARGET [MACHINE [OPTION...]]: build an image from deployment/TARGET/Dockerfile; edge also for MACHINE aarch64
# Its tag is the registered version of a clean commit, else the model's version; of the pipeline, which has no model, the commit.
# Example: scripts/image.sh edge aarch64
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."; [ ! -e uv.lock ] || [ -n "${UV_FROZEN:-}" ] || export UV_LOCKED=1
target=${1:?"give the target, for example: scripts/image.sh rest"} machine=${2:-} here=$(uname -m)
shift $(($# < 2 ? 1 : 2))
package=$(basename "$(dirname src/*/schema.py)") commit=$(git rev-parse HEAD) model='' changed=''
[ -e "deployment/$target/Dockerfile" ] ||
  { echo "error: the target is '$target', allowed are $(printf '%s\n' deployment/*/Dockerfile | cut -d / -f 2 | paste -s -d ' ')" >&2; exit 1; }
engine=${CONTAINER_ENGINE:-$(command -v podman || command -v docker)}
[ "$target" = pipeline ] || model=$(uv run python -c 'import json; print(json.load(open("models/model.json"))["version"])')
[ -z "$(git status --porcelain)" ] || changed=-dirty
version=$(git tag --points-at HEAD | sed -nE 's/^model@(v[0-9]+\.[0-9]+\.[0-9]+)$/\1/p' | sort -V | tail -n 1)
[ -z "$changed" ] && git tag --list --format='%(contents)' "model@$version" | grep "\"version\": \"$model" >/dev/null || version='' # models/ is not in git
name=${version:-${model:-${commit:0:12}$changed}}
[ "$target" != edge ] || uv run modelyard bundle build/image
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct) && export SOURCE_DATE_EPOCH BUILDAH_FORMAT=docker
case $engine in *podman) set -- --timestamp "$SOURCE_DATE_EPOCH" "$@" ;; esac # Docker reads the variable
"$engine" build --file "deployment/$target/Dockerfile" "$@" --platform "linux/${machine:-$here}" \
  --build-arg BUILDPLATFORM="linux/$here" --build-arg TARGETPLATFORM="linux/${machine:-$here}" --build-arg MACHINE="${machine:-$here}" \
  --label org.opencontainers.image.version="$name" --label org.opencontainers.image.revision="$commit$changed" \
  --tag "$package-$target:${machine:-latest}" --tag "$package-$target:$name${machine:+-$machine}" .
