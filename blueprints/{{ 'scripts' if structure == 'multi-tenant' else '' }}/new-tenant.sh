#!/usr/bin/env bash
# Adds a tenant: runs copier with the recorded answers and one tenant more.
#
#   scripts/new-tenant.sh NAME [--quota small|medium|large] [--group GROUP]
#                         [--environment NAME]... [--repository URL]...
#
# It works in a git worktree of its own, on a new branch tenant/NAME that starts at HEAD, at the version
# of the template that .copier-answers.yml records, and leaves one commit there. It changes none of the
# files you have checked out, pushes nothing and talks to no cluster. If the update would conflict,
# delete a file or change another answer, it says so and leaves nothing behind.
#
# Needs git, copier 9.19 or newer, and access to the template that .copier-answers.yml names.
set -euo pipefail

fail() {
  echo "new-tenant: $1" >&2
  exit "${2:-1}"
}

usage() {
  sed -n '2,5s/^# \{0,1\}//p' "$0" >&2
  exit 2
}

name=${1:-}
case "$name" in "" | -*) usage ;; esac
shift
quota='' group='' environments=() repositories=()
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || usage
  case "$1" in
    --quota) quota=$2 ;;
    --group) group=$2 ;;
    --environment) environments+=("$2") ;;
    --repository) repositories+=("$2") ;;
    *) usage ;;
  esac
  shift 2
done
[[ $name =~ ^[a-z][a-z0-9]*(-[a-z0-9]+)*$ ]] || fail "'$name' is not a DNS label, such as org-a" 2

command -v copier >/dev/null || fail "copier is not on PATH; 'uv tool install copier' or 'pipx install copier' gets it" 6
root=$(git -C "$(dirname "${BASH_SOURCE[0]}")" rev-parse --show-toplevel)
branch=tenant/$name
git -C "$root" show-ref --quiet --verify "refs/heads/$branch" && fail "the branch $branch is already there" 2

# The answers are YAML, and whoever has copier has PyYAML: in the interpreter that runs copier.
python=''
for candidate in "$(head -n 1 "$(command -v copier)" | sed -n 's/^#! *\([^ ]*\).*/\1/p')" python3; do
  if "$candidate" -c 'import yaml' 2>/dev/null; then
    python=$candidate
    break
  fi
done
[ -n "$python" ] || fail "no Python with PyYAML was found; 'python3 -m pip install PyYAML' gets it" 6

scratch=$(mktemp -d)
tree=$scratch/tree
finished=''
clean_up() {
  git -C "$root" worktree remove --force "$tree" 2>/dev/null || true
  [ -n "$finished" ] || git -C "$root" branch --quiet -D "$branch" 2>/dev/null || true
  rm -rf "$scratch"
}
trap clean_up EXIT

git -C "$root" worktree add --quiet -b "$branch" "$tree" HEAD
[ -f "$tree/.copier-answers.yml" ] || fail "HEAD has no .copier-answers.yml, so there are no answers to extend"
cp "$tree/.copier-answers.yml" "$scratch/before.yml"

"$python" - "$scratch/before.yml" "$scratch/answers.json" "$name" "$quota" "$group" \
  "${#environments[@]}" ${environments[@]+"${environments[@]}"} ${repositories[@]+"${repositories[@]}"} <<'PYTHON'
import json
import sys

import yaml

before, after, name, quota, group, count, *rest = sys.argv[1:]
environments, repositories = rest[: int(count)], rest[int(count) :]
with open(before, encoding="utf-8") as file:
    tenants = yaml.safe_load(file).get("tenants") or []
if name in [tenant["name"] for tenant in tenants]:
    sys.exit(f"new-tenant: the tenant {name} is already there")
tenant = {"name": name, "quota": quota, "group": group, "environments": environments, "repositories": repositories}
with open(after, "w", encoding="utf-8") as file:
    json.dump({"tenants": [*tenants, {key: value for key, value in tenant.items() if value}]}, file)
PYTHON

copier update --quiet --defaults --skip-answered --vcs-ref :current: --conflict inline \
  --data-file "$scratch/answers.json" "$tree" || fail "copier refused; its reason is above"

conflicts=$(git -C "$tree" diff --name-only --diff-filter=U)
[ -z "$conflicts" ] || fail "the template and your changes conflict in: $conflicts" 4
git -C "$tree" add --all
deleted=$(git -C "$tree" diff --cached --name-only --no-renames --diff-filter=D)
[ -z "$deleted" ] || fail "the update would delete: $deleted" 4
"$python" - "$scratch/before.yml" "$tree/.copier-answers.yml" "$name" <<'PYTHON'
import sys

import yaml

before, after = (yaml.safe_load(open(path, encoding="utf-8")) for path in sys.argv[1:3])
if sys.argv[3] not in [tenant["name"] for tenant in after.get("tenants", [])]:
    sys.exit("new-tenant: copier did not take the new list of tenants")
changed = sorted(key for key in before.keys() | after.keys() if key != "tenants" and before.get(key) != after.get(key))
if changed:
    sys.exit("new-tenant: other answers would change too: " + ", ".join(changed))
PYTHON

git -C "$tree" commit --quiet --message "Add the tenant $name"
finished=yes
echo "The branch $branch is ready, one commit ahead of HEAD. Read it, then push it:"
echo "  git diff --stat HEAD...$branch"
echo "  git push --set-upstream origin $branch"
echo "What remains to be done by hand: docs/tenants/onboarding.md"
