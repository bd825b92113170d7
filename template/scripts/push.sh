#!/usr/bin/env bash
# REGISTRY=… scripts/push.sh VERSION TARGET...: push the newest image of each target to REGISTRY, and print TARGET=NAME:VERSION@DIGEST
# Signs in first with REGISTRY_USER and REGISTRY_PASSWORD, if set.
# Example: REGISTRY=registry.example.com/team scripts/push.sh v0.2.0 rest
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."
version=${1:?"give the version, for example: scripts/push.sh v0.2.0 rest"} package=$(basename "$(dirname src/*/schema.py)")
engine=${CONTAINER_ENGINE:-$(command -v podman || command -v docker)} host=${REGISTRY:?"set REGISTRY, for example to ghcr.io/team"}
shift
mkdir -p build
[ -z "${REGISTRY_PASSWORD:-}" ] || "$engine" login --username "$REGISTRY_USER" --password-stdin "${host%%/*}" <<<"$REGISTRY_PASSWORD" >&2
for target in "$@"; do
  name=$host/$package-$target
  "$engine" tag "$package-$target:latest" "$name:$version" >&2
  case $engine in
  *podman) "$engine" push --digestfile build/digest "$name:$version" >&2 ;;
  *) "$engine" push "$name:$version" >&2
    "$engine" image inspect "$name:$version" | tr '",' '\n\n' | sed -n "s|^$name@||p" >build/digest ;;
  esac
  digest=$(head -n 1 build/digest)
  echo "$target=$name:$version@$digest"
  echo "${digest#sha256:}  $name" >>build/images.txt # for an attestation
done
