#!/usr/bin/env bash
# scripts/reproduce.sh: rerun the whole pipeline; fails if the model is not byte-identical
# Example: scripts/reproduce.sh
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."; [ ! -e uv.lock ] || [ -n "${UV_FROZEN:-}" ] || export UV_LOCKED=1
version() { uv run python -c 'import json; print(json.load(open("models/model.json"))["sha256"])'; }
before=$(version)
uv run dvc repro --force
after=$(version)
[ "$before" = "$after" ] || { echo "error: the sha256 of the model was $before and is now $after" >&2; exit 1; }
echo "the model is byte-identical: $after"
