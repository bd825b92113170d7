#!/usr/bin/env bash
# scripts/image.sh TARGET: build the image of a target, such as rest, from deployment/TARGET/Dockerfile
set -euo pipefail
cd "$(dirname "$0")/.."
target=${1:?"say the target, such as scripts/image.sh rest"}
engine=${CONTAINER_ENGINE:-$(command -v podman || command -v docker)}
model=$(uv run python -c 'import json; print(json.load(open("models/model.json"))["version"])')
BUILDAH_FORMAT=docker "$engine" build --file "deployment/$target/Dockerfile" \
  --label org.opencontainers.image.version="$model" \
  --label org.opencontainers.image.revision="$(git describe --always --dirty)" \
  --tag "$(basename src/*/)-$target:$model" .
