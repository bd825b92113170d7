#!/usr/bin/env bash
# REGISTRY=… scripts/push.sh TARGET VERSION: push the newest image of a target to REGISTRY, and print its name with the digest
# Example: REGISTRY=registry.example.com/team scripts/push.sh rest v0.2.0
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."
target=${1:?"give the target, for example: scripts/push.sh rest v0.2.0"} version=${2:?"give the version"} digest=build/digest
local=$(basename "$(dirname src/*/schema.py)")-$target name=${REGISTRY:?"set REGISTRY, for example to ghcr.io/team"}/$local
engine=${CONTAINER_ENGINE:-$(command -v podman || command -v docker)}
mkdir -p build
"$engine" tag "$local:latest" "$name:$version" >&2
case $engine in
  *podman) "$engine" push --digestfile "$digest" "$name:$version" >&2 ;;
  *) "$engine" push "$name:$version" >&2
    "$engine" image inspect --format '{{range .RepoDigests}}{{println .}}{{end}}' "$name:$version" | sed -n "s|^$name@||p" | head -n 1 >"$digest" ;;
esac
echo "$name:$version@$(cat "$digest")"
