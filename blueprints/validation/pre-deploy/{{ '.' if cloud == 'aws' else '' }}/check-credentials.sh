#!/usr/bin/env bash
# Do the current credentials belong to the account that a root may be applied to?
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: check-credentials.sh [ROOT...]

Compares allowed_account_ids of each root (all, when none is named) with the account of the current credentials.
Exit code: 0 they agree, 1 they do not, or a root still has the account 000000000000.
TEXT
}

[[ "${1:-}" != -h && "${1:-}" != --help ]] || { usage; exit 0; }

# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
need aws
if (($# == 0)); then
  while IFS= read -r root; do
    set -- "$@" "$root"
  done < <(list_roots)
fi

account="$(cloud_account)" || fail "There are no valid AWS credentials: sign in first, for example with aws sso login."

for argument in "$@"; do
  root="$(root_of "$argument")"
  wanted="$(tfvar "$root" allowed_account_ids)"
  if [[ "$wanted" == 000000000000 ]]; then
    failed "terraform/$root: 000000000000 is no AWS account; put the real ID into terraform/$root/terraform.tfvars"
  elif [[ "$wanted" != "$account" ]]; then
    failed "terraform/$root belongs to account $wanted, the credentials to $account"
  else
    passed "terraform/$root is account $account"
  fi
done

finish
