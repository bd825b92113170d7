#!/usr/bin/env bash
# scripts/smoke.sh TARGET: start the newest image of a target, and check that rest is ready, edge predicts rows, others start
# Example: scripts/smoke.sh rest
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."
target=${1:?"give the target, for example: scripts/smoke.sh rest"} image=$(basename "$(dirname src/*/schema.py)")-$1:latest
engine=${CONTAINER_ENGINE:-$(command -v podman || command -v docker)}
case $target in
  edge) "$engine" run --rm --interactive "$image" <models/examples.jsonl >/dev/null ;;
  batch | pipeline) "$engine" run --rm "$image" --help >/dev/null ;;
  rest)
    container=$("$engine" run --detach --rm "$image") && trap '"$engine" stop "$container" >/dev/null' EXIT
    poll='import time, urllib.request as r
for left in range(29, -1, -1):
    try: r.urlopen("http://127.0.0.1:8000/ready", timeout=2); break
    except OSError:
        if not left: raise
        time.sleep(1)'
    "$engine" exec "$container" python -c "$poll"
    ;;
  *) echo "error: the target is '$target', allowed are rest, batch, edge, pipeline" >&2 && exit 1 ;;
esac
echo "$image works"
