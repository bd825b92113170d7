#!/usr/bin/env bash
# CHANGE=12 scripts/comment.sh [COMMAND...]: run a command; whatever its exit code, which is kept, report the metrics that it left,
# and post build/report.md on the pull or merge request; without a token it stays in the summary
# Example: CHANGE=12 GH_TOKEN=… scripts/comment.sh scripts/check-model.sh
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."
code=0
if [ $# -gt 0 ]; then
  "$@" || code=$?
  scripts/report.sh
fi
[ -e build/report.md ] || scripts/report.sh
if [ -n "${GH_TOKEN:-}" ]; then
  gh pr comment "${CHANGE:?"say the pull request's number"}" --body-file build/report.md --edit-last --create-if-none
elif [ -n "${GITLAB_TOKEN:-}" ] && [ -z "${CHANGE:-}" ]; then
  echo "not posted: this is no merge request"
elif [ -n "${GITLAB_TOKEN:-}" ]; then
  curl --fail --silent --show-error --output /dev/null --header "PRIVATE-TOKEN: $GITLAB_TOKEN" \
    --data-urlencode body@build/report.md \
    "${CI_API_V4_URL:?}/projects/${CI_PROJECT_ID:?}/merge_requests/$CHANGE/notes"
else
  echo "not posted: neither GH_TOKEN nor GITLAB_TOKEN is set; the report is build/report.md, in the job's summary or artifacts"
fi
exit "$code"
