#!/usr/bin/env bash
# scripts/receive.sh ID: write a message to inbox/ID.json, which requests a retraining; each ID counts once
# Example: scripts/receive.sh labels-came-2013-10-01
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."
pattern='^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$'
[[ "${1-}" =~ $pattern ]] || { echo "error: the id is '${1-}', allowed are 1 to 100 letters, digits or . _ -, beginning with a letter or digit" >&2; exit 1; }
mkdir -p inbox
printf '{"id": "%s"}\n' "$1" >"inbox/$1.json"
