#!/usr/bin/env bash
# scripts/publish.sh BRANCH [COMMAND...]: run a command; whatever its exit code, which is kept, push what it committed:
# data and models to DVC's remote, then commits and versions to git's, if there is one; `deliver` is started for what it promoted
# Example: scripts/publish.sh main scripts/retrain.sh
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."
branch=${1:?"say the branch, such as scripts/publish.sh main"} code=0
shift
before=$(git tag --list 'model#prod#*' | sort)
"$@" || code=$?
promoted=$(comm -13 <(echo "$before") <(git tag --list 'model#prod#*' | sort))
uv run dvc push
if [ -n "$(git remote)" ]; then
  git push --atomic --follow-tags "${PUSH_URL:-origin}" "HEAD:refs/heads/$branch"
else
  echo "git has no remote: nothing is pushed"
fi
if [ -n "$promoted" ] && [ -n "${GH_TOKEN:-}" ]; then # a tag that a job pushes there starts nothing
  for tag in $promoted; do gh workflow run deliver.yml --ref "$tag"; done
fi
exit "$code"
