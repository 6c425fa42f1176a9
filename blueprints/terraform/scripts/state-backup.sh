#!/usr/bin/env bash
# Copy the state of roots to a folder outside the repository, named by serial number.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: state-backup.sh FOLDER [ROOT...]

Writes FOLDER/<root>/<lineage>-<serial>.tfstate for each root (all, when none is named). A copy that is there already stays.
State holds secrets: FOLDER, made when its parent is there, must lie outside the repository, and only you can read what is written.
TEXT
}

[[ "${1:-}" != -h && "${1:-}" != --help ]] || { usage; exit 0; }
(($# >= 1)) || { usage >&2; exit 1; }

# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need "$TERRAFORM"
need jq

umask 077
folder="$(cd "$(dirname "$1")" && pwd)/$(basename "$1")"
shift
[[ "$folder/" != "$(dirname "$TERRAFORM_DIR")/"* ]] || fail "$folder lies inside the repository; state holds secrets and must not come near a commit."

if (($# == 0)); then
  while IFS= read -r root; do
    set -- "$@" "$root"
  done < <(list_roots)
fi

for argument in "$@"; do
  root="$(root_of "$argument")"
  init "$root"
  state="$("$TERRAFORM" -chdir="$TERRAFORM_DIR/$root" state pull)"
  if [[ -z "$state" ]]; then
    printf 'terraform/%s has no state yet\n' "$root"
    continue
  fi
  copy="$folder/$root/$(jq -r '"\(.lineage)-\(.serial).tfstate"' <<<"$state")"
  mkdir -p "$(dirname "$copy")"
  [[ -f "$copy" ]] || printf '%s\n' "$state" >"$copy"
  printf '%s\n' "$copy"
done
