#!/usr/bin/env bash
# scripts/update-template.sh: update to the newest version of the template on a branch; with a token, open a pull or merge request
# Example: scripts/update-template.sh
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."
branch=template-update start=$(git rev-parse --abbrev-ref HEAD)
git checkout --quiet -B "$branch"
uvx copier update --defaults --conflict rej
git add --all
! git diff --cached --quiet || { git checkout --quiet "$start"; echo "the template has no newer version"; exit 0; }
git -c user.name=template-update -c user.email=template-update@localhost commit --quiet --message "Update the template"
[ -n "${GH_TOKEN:-}${GITLAB_TOKEN:-}" ] || { echo "no request opened: neither GH_TOKEN nor GITLAB_TOKEN is set; see branch $branch"; exit 0; }
set -- --force "${PUSH_URL:-origin}" "HEAD:refs/heads/$branch"
[ -z "${GITLAB_TOKEN:-}" ] || set -- -o merge_request.create -o merge_request.title="Update the template" "$@"
git push "$@"
[ -z "${GH_TOKEN:-}" ] || [ -n "$(gh pr list --head "$branch" --json number --jq '.[].number')" ] ||
  gh pr create --head "$branch" --title "Update the template" --body "Opened by scripts/update-template.sh"
