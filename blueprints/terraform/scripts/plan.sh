#!/usr/bin/env bash
# Plan one root and save the plan, so that what is reviewed is what is applied.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: plan.sh ROOT [terraform plan options]

Writes ROOT/saved.tfplan and, as JSON for validation/pre-deploy/check-plan.sh, ROOT/saved.json.tfplan; shows the plan.
Exit code: 0 the plan is saved, 1 failure.
TEXT
}

[[ "${1:-}" != -h && "${1:-}" != --help ]] || { usage; exit 0; }
(($# >= 1)) || { usage >&2; exit 1; }

# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need "$TERRAFORM"
root="$(root_of "$1")"
shift

# A plan holds values that state holds: nobody else may read it.
umask 077
init "$root"

"$TERRAFORM" -chdir="$TERRAFORM_DIR/$root" plan -input=false -out=saved.tfplan "$@"
"$TERRAFORM" -chdir="$TERRAFORM_DIR/$root" show -json saved.tfplan >"$TERRAFORM_DIR/$root/saved.json.tfplan"
