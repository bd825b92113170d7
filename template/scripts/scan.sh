#!/usr/bin/env bash
# scripts/scan.sh [OPTION OF UV AUDIT...]: list the packages in each image, and scan them for vulnerabilities in osv.dev (or AUDIT_URL)
# Example: AUDIT_URL=https://osv.example.org scripts/scan.sh
set -euo pipefail
case ${1-} in -h | --help) sed -n 's/^# //p;/^set/q' "$0" && exit ;; esac
cd "$(dirname "$0")/.."; [ ! -e uv.lock ] || [ -n "${UV_FROZEN:-}" ] || export UV_LOCKED=1
uv lock --quiet --check # the images install what is locked
mkdir -p build/parts
for file in deployment/*/Dockerfile; do
  target=$(basename "$(dirname "$file")")
  read -ra groups < <(sed -n 's/^ *uv sync \(.*\) --no-install-project.*/\1/p' "$file")
  uv export --quiet --frozen --format cyclonedx1.5 "${groups[@]}" --output-file "build/parts/$target.json" >/dev/null
  echo "build/parts/$target.json: packages in the image $target"
done
uv audit --preview-features audit-command --frozen --no-dev ${AUDIT_URL:+--service-url "$AUDIT_URL"} "$@"
