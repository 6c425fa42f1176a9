#!/usr/bin/env bash
# Does what runs still equal what the repository says?
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: drift.sh [ROOT...]

Plans each root (all, when none is named) without locking, saving or changing anything.
Exit code: 0 nothing would change, 5 something would, 1 a root could not be planned.
TEXT
}

[[ "${1:-}" != -h && "${1:-}" != --help ]] || { usage; exit 0; }

# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
need "$TERRAFORM"
if (($# == 0)); then
  while IFS= read -r root; do
    set -- "$@" "$root"
  done < <(list_roots)
fi

drifted=0
for argument in "$@"; do
  root="$(root_of "$argument")"
  if ! init "$root"; then
    failed "terraform/$root could not be initialised"
    continue
  fi
  code=0
  "$TERRAFORM" -chdir="$TERRAFORM_DIR/$root" plan -input=false -lock=false -detailed-exitcode -no-color || code=$?
  case "$code" in
    0) passed "terraform/$root" ;;
    2)
      failed "terraform/$root differs from what runs"
      drifted=5
      ;;
    *) failed "terraform/$root could not be planned" ;;
  esac
done

((FAILED == 0 || drifted == 0)) || exit "$drifted"
finish
