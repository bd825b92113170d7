#!/usr/bin/env bash
# CHANGE=12 scripts/comment.sh [COMMAND...]: run a command, then report the metrics and post build/report.md on the pull or merge request
# Exits with the code of the command. Without a token nothing is posted.
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
  gh pr comment "${CHANGE:?"give the number of the pull request"}" --body-file build/report.md --edit-last --create-if-none
elif [ -n "${GITLAB_TOKEN:-}" ] && [ -z "${CHANGE:-}" ]; then
  echo "not posted: not a merge request"
elif [ -n "${GITLAB_TOKEN:-}" ]; then
  curl --fail --silent --show-error --output /dev/null --header "PRIVATE-TOKEN: $GITLAB_TOKEN" \
    --data-urlencode body@build/report.md \
    "${CI_API_V4_URL:?}/projects/${CI_PROJECT_ID:?}/merge_requests/$CHANGE/notes"
else
  echo "not posted: neither GH_TOKEN nor GITLAB_TOKEN is set; the report is build/report.md"
fi
exit "$code"
