#!/usr/bin/env bash
# scripts/update-template.sh: update to the newest version of the template on a branch; with a token, open a pull or merge request
# Example: scripts/update-template.sh
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."
branch=template-update answers=.copier-answers.yml
template=$(sed -nE '/^_src_path: /{s///; s/^git\+//; s|^gh:|https://github.com/|; s|^gl:|https://gitlab.com/|
  s|^([^/:]+@[^/:]+):|ssh://\1/|; s|^/|file://&|; p;}' "$answers")
set -- --branch "$branch" --answers-file "$answers"
[ -z "${GH_TOKEN:-}${GITLAB_TOKEN:-}" ] || set -- "$@" --push "${PUSH_URL:-origin}"
[ -z "${GITLAB_TOKEN:-}" ] || set -- "$@" --push-option merge_request.create --push-option merge_request.title="Update the template"
# the newest release's code, as it may run with write access
release=$(git ls-remote --tags --refs --sort=-version:refname "$template" | awk -F / '$NF ~ /^v[0-9.]+$/ && !n++ { print $NF }')
# exit code 10: the project is up to date, or somebody else has committed to the branch
uvx --from "modelyard[lifecycle] @ git+$template${release:+@$release}" modelyard update "$@" || { code=$?; [ "$code" -eq 10 ] || exit "$code"; exit 0; }
[ -n "${GH_TOKEN:-}${GITLAB_TOKEN:-}" ] || echo "no request opened: neither GH_TOKEN nor GITLAB_TOKEN is set; see branch $branch"
[ -z "${GH_TOKEN:-}" ] || [ -n "$(gh pr list --head "$branch" --json number --jq '.[].number')" ] ||
  gh pr create --head "$branch" --title "Update the template" --body "Opened by scripts/update-template.sh"
