#!/usr/bin/env bash
# Apply the plan that plan.sh saved, and nothing else.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: apply.sh ROOT [--yes]

Shows ROOT/saved.tfplan, asks, and applies it. --yes does not ask: a pipeline asks through its protected environment.
Terraform refuses a plan that is older than the state. The plan is removed afterwards.
TEXT
}

[[ "${1:-}" != -h && "${1:-}" != --help ]] || { usage; exit 0; }
(($# >= 1)) || { usage >&2; exit 1; }

# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need "$TERRAFORM"
root="$(root_of "$1")"
plan="$TERRAFORM_DIR/$root/saved.tfplan"
[[ -f "$plan" ]] || fail "There is no saved plan: run terraform/scripts/plan.sh $root first."

init "$root"
"$TERRAFORM" -chdir="$TERRAFORM_DIR/$root" show saved.tfplan

if [[ "${2:-}" != --yes ]]; then
  read -r -p "Apply this to terraform/$root? Type its name to go on: " answer
  [[ "$answer" == "$root" ]] || fail "Not applied."
fi

"$TERRAFORM" -chdir="$TERRAFORM_DIR/$root" apply -input=false saved.tfplan
rm -f "$plan" "$TERRAFORM_DIR/$root/saved.json.tfplan"
