#!/usr/bin/env bash
# scripts/publish.sh BRANCH [COMMAND...]: run a command, then push data and models to the DVC remote, and commits and tags to the git remote
# If another branch is checked out, it first merges BRANCH, and then opens a pull or merge request (with GH_TOKEN or GITLAB_TOKEN).
# Exits with the code of the command. Starts the workflow `deliver` for each version that the command promoted.
# Example: scripts/publish.sh main scripts/retrain.sh
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."; [ ! -e uv.lock ] || [ -n "${UV_FROZEN:-}" ] || export UV_LOCKED=1
branch=${1:?"give the branch, for example: scripts/publish.sh main"} code=0 here=$(git branch --show-current) options=(--follow-tags) refs=()
shift
here=${CI_COMMIT_BRANCH:-${here:-$branch}} start=$(git rev-parse HEAD) title="Retrain the model"
if [ "$branch" != "$here" ] && git fetch --quiet origin "refs/heads/$branch" 2>/dev/null; then git merge --quiet --no-edit FETCH_HEAD; fi
before=$(git tag --list 'model#prod#*' | sort)
"$@" || code=$?
[ ! -e reports/gate.md ] || cat reports/gate.md >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
promoted=$(comm -13 <(echo "$before") <(git tag --list 'model#prod#*' | sort))
uv run dvc push
[ "$branch" != "$here" ] && [ "$(git rev-parse HEAD)" = "$start" ] && options=(--tags) branch=$here || refs=("HEAD:refs/heads/$branch")
[ "$branch" = "$here" ] || [ -z "${GITLAB_TOKEN:-}" ] || options+=(-o merge_request.create -o merge_request.title="$title")
if [ -z "$(git remote)" ]; then echo "not pushed: git has no remote"; else git push --atomic "${options[@]}" "${PUSH_URL:-origin}" "${refs[@]}"; fi
[ -n "${GH_TOKEN:-}" ] || exit "$code"
[ "$branch" = "$here" ] || [ -n "$(gh pr list --head "$branch" --json number --jq '.[].number')" ] ||
  gh pr create --base "$here" --head "$branch" --title "$title" --body "Opened by scripts/publish.sh. Merge it with a merge commit: the tag of the version names its commit."
for tag in $promoted; do gh workflow run deliver.yml --ref "$tag"; done # on GitHub, a tag pushed by a job starts no workflow
exit "$code"
