#!/usr/bin/env bash
# Would the saved plan lose data, or make something without an owner?
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: check-plan.sh ROOT

Reads what terraform/scripts/plan.sh ROOT saved. Refuses a plan that deletes or replaces a resource that holds data
(validation/cloud.sh lists the types), and one that makes a resource without the required tags.
ALLOW_DATA_LOSS names addresses that may go, separated by spaces: set it for one run, with a reviewer's agreement.
Exit code: 0 nothing found, 1 findings, or no saved plan.
TEXT
}

[[ "${1:-}" != -h && "${1:-}" != --help ]] || { usage; exit 0; }
(($# == 1)) || { usage >&2; exit 1; }

# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
need jq
root="$(root_of "$1")"
plan="$TERRAFORM_DIR/$root/saved.json.tfplan"
[[ -f "$plan" ]] || fail "There is no saved plan: run terraform/scripts/plan.sh $root first."

while IFS= read -r address; do
  [[ -n "$address" ]] || continue
  if [[ " ${ALLOW_DATA_LOSS:-} " == *" $address "* ]]; then
    skipped "$address is deleted or replaced, as ALLOW_DATA_LOSS says"
  else
    failed "$address holds data and would be deleted or replaced"
  fi
done < <(jq -r --arg types "${PROTECTED_TYPES:-}" '
  ($types | split(" ")) as $protected
  | .resource_changes[]?
  | select(.mode == "managed" and (.change.actions | index("delete")) and (.type | IN($protected[])))
  | .address' "$plan")

# tags_all is absent where a type has no tags, and null while it is not known yet.
while IFS=$'\t' read -r address missing; do
  [[ -n "$address" ]] || continue
  failed "$address would be made without the tags $missing"
done < <(jq -r --arg tags "${REQUIRED_TAGS:-}" '
  ($tags | split(" ") | map(select(. != ""))) as $required
  | .resource_changes[]?
  | select(.mode == "managed" and (.change.actions | index("create")) and (.change.after.tags_all | type) == "object")
  | .address as $address
  | ($required - (.change.after.tags_all | keys)) as $missing
  | select($missing | length > 0)
  | "\($address)\t\($missing | join(" "))"' "$plan")

((FAILED)) || passed "the plan of terraform/$root keeps all data and tags what it makes"
finish
