#!/usr/bin/env bash
# scripts/retrain.sh YYYY-MM-DD: retrain on all rows known by that day; the gate decides
set -euo pipefail
cd "$(dirname "$0")/.."
day=${1:?"say the day, such as scripts/retrain.sh 2013-10-01"}
uv run dvc exp run --set-param "data.as_of='$day'"
uv run dvc metrics diff --precision 4
