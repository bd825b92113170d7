#!/usr/bin/env bash
# scripts/reproduce.sh: run the whole pipeline again; fails if the model is not the same to the byte
set -euo pipefail
cd "$(dirname "$0")/.."
version() { uv run python -c 'import json; print(json.load(open("models/model.json"))["sha256"])'; }
before=$(version)
uv run dvc repro --force
after=$(version)
[ "$before" = "$after" ] || { echo "error: the model was $before and is now $after" >&2; exit 1; }
echo "the same model again: $after"
