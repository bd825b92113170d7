#!/usr/bin/env bash
# scripts/update-template.sh: take the template's newest version on a branch, and propose it where a token is set
# Example: scripts/update-template.sh
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."
branch=template-update start=$(git rev-parse --abbrev-ref HEAD)
git checkout --quiet -B "$branch"
uvx copier update --defaults --conflict rej
git add --all
! git diff --cached --quiet || { git checkout --quiet "$start"; echo "the template has nothing newer"; exit 0; }
git -c user.name=template-update -c user.email=template-update@localhost commit --quiet --message "Newer template"
[ -n "${GH_TOKEN:-}${GITLAB_TOKEN:-}" ] || { echo "not proposed: no token is set; look at branch $branch"; exit 0; }
set -- --force "${PUSH_URL:-origin}" "HEAD:refs/heads/$branch"
[ -z "${GITLAB_TOKEN:-}" ] || set -- -o merge_request.create -o merge_request.title="Newer template" "$@"
git push "$@"
[ -z "${GH_TOKEN:-}" ] || [ -n "$(gh pr list --head "$branch" --json number --jq '.[].number')" ] ||
  gh pr create --head "$branch" --title "Newer template" --body "Proposed by scripts/update-template.sh"
