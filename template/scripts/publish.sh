#!/usr/bin/env bash
# scripts/publish.sh BRANCH [COMMAND...]: run a command, then push data and models to the DVC remote, and commits and tags to the git remote
# Exits with the code of the command. Starts the workflow `deliver` for each version that the command promoted.
# Example: scripts/publish.sh main scripts/retrain.sh
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."
branch=${1:?"give the branch, for example: scripts/publish.sh main"} code=0
shift
before=$(git tag --list 'model#prod#*' | sort)
"$@" || code=$?
promoted=$(comm -13 <(echo "$before") <(git tag --list 'model#prod#*' | sort))
uv run dvc push
if [ -n "$(git remote)" ]; then
  git push --atomic --follow-tags "${PUSH_URL:-origin}" "HEAD:refs/heads/$branch"
else
  echo "not pushed: git has no remote"
fi
if [ -n "$promoted" ] && [ -n "${GH_TOKEN:-}" ]; then # on GitHub, a tag pushed by a job starts no workflow
  for tag in $promoted; do gh workflow run deliver.yml --ref "$tag"; done
fi
exit "$code"
