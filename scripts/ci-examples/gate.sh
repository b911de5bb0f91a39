#!/usr/bin/env bash
# Gates the checked-out change against the commit where it left its target branch; on a branch itself, against the
# commit before. An invalid measurement is repeated once. Needs the history, and `scripts/build release programs`.
# Usage: scripts/ci-examples/gate.sh OUT [options of `pushlab gate`]
# OUT gets the files of the last attempt (summary.md, junit.xml, metrics.txt, report.html, ...); all attempts are in
# OUT/attempts. BASE names another commit, SCENARIO another scenario. Exit status: that of `pushlab gate`.
set -euo pipefail
out=${1:?usage: scripts/ci-examples/gate.sh OUT [options of pushlab gate]}
shift

# What an earlier call left there is no result of this one.
mkdir -p "$out/attempts"
rm -f "$out"/{gate.json,junit.xml,summary.md,metrics.txt,bencher.json,benchmark-action.json,report.html}
earlier=$(find "$out/attempts" -name gate.json)

# GitLab knows the commit of a merge request, GitHub the target branch of a pull request.
base_of_change() {
  if [ -n "${BASE:-}" ]; then
    echo "$BASE"
  elif [ -n "${CI_MERGE_REQUEST_DIFF_BASE_SHA:-}" ]; then
    echo "$CI_MERGE_REQUEST_DIFF_BASE_SHA"
  elif [ -n "${GITHUB_BASE_REF:-}" ]; then
    git merge-base "origin/$GITHUB_BASE_REF" HEAD
  else
    git rev-parse --verify --quiet HEAD^
  fi
}
if ! base=$(base_of_change) || ! git cat-file -e "$base^{commit}" 2>/dev/null; then
  echo "gate.sh: the commit to compare with is not here: check out the whole history (depth 0), or set BASE." >&2
  exit 2
fi

for attempt in 1 2; do
  status=0
  build/release/bin/pushlab gate "${SCENARIO:-scenarios/gate.toml}" --base "$base" --head . \
    --out "$out/attempts" "$@" || status=$?
  if [ "$status" -ne 3 ]; then break; fi
  [ "$attempt" -eq 2 ] || echo "gate.sh: that measurement decides nothing: once more." >&2
done

newest=$(find "$out/attempts" -name gate.json -printf '%T@ %p\n' | sort -n | cut -d ' ' -f 2- |
  grep -vxF "$earlier" | tail -n 1) || true
[ -z "$newest" ] || find "${newest%/gate.json}" -maxdepth 1 -type f -exec cp -t "$out" {} +

# Undecided is no failure, and must not look like a pass either.
if [ -n "${GITHUB_ACTIONS:-}" ] && head -n 1 "$out/summary.md" 2>/dev/null | grep -q ' undecided$'; then
  sed -n '3{s/\*\*//g;s/\\//g;s/%/%25/g;s/^/::warning title=pushlab gate::/p}' "$out/summary.md"
fi
exit "$status"
