#!/usr/bin/env bash
# Record the checksums of every provider for the platforms that people and CI use.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: lock.sh [ROOT...]

Writes .terraform.lock.hcl in each root (all, when none is named) for linux and macOS, amd64 and arm64.
Commit the files: CI refuses a provider whose checksum is not in them.
TEXT
}

[[ "${1:-}" != -h && "${1:-}" != --help ]] || { usage; exit 0; }

# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need "$TERRAFORM"

if (($# == 0)); then
  while IFS= read -r root; do
    set -- "$@" "$root"
  done < <(list_roots)
fi

for argument in "$@"; do
  root="$(root_of "$argument")"
  printf 'locking terraform/%s\n' "$root"
  "$TERRAFORM" -chdir="$TERRAFORM_DIR/$root" get -no-color >/dev/null
  "$TERRAFORM" -chdir="$TERRAFORM_DIR/$root" providers lock \
    -platform=linux_amd64 -platform=linux_arm64 -platform=darwin_amd64 -platform=darwin_arm64
done
