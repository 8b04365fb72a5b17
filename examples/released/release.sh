#!/bin/sh
# One step from a tested commit to a release: ./release.sh 1.2.0
# Refused when anything is not committed, not tested, or not written down.
set -eu
version=$1
[ -z "$(git status --porcelain)" ] || { echo "not everything is committed" >&2; exit 1; }
[ "$(cat VERSION)" = "$version" ] || { echo "VERSION is $(cat VERSION)" >&2; exit 1; }
grep -qx "## $version" CHANGELOG.md || { echo "CHANGELOG.md knows no $version" >&2; exit 1; }
! git rev-parse -q --verify "refs/tags/v$version" >/dev/null || { echo "v$version is out already" >&2; exit 1; }
${TEST:-make test} >&2 || { echo "the tests fail" >&2; exit 1; }
git tag -a "v$version" -m "$(sed -n "/^## $version\$/,/^## /p" CHANGELOG.md | sed '1d;/^## /d;/^$/d')"
git archive --prefix="films-$version/" -o "films-$version.tar.gz" "v$version"
echo "released v$version; back to the one before: deploy its tag"
