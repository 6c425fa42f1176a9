# shellcheck shell=bash
# Sourced by the checks: one line per result, and an exit code at the end.
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/../terraform/scripts/lib.sh"

FAILED=0

passed() {
  printf 'ok       %s\n' "$*"
}

failed() {
  printf 'FAILED   %s\n' "$*"
  FAILED=1
}

# Not looked at, which is not the same as good.
skipped() {
  printf 'skipped  %s\n' "$*"
}

finish() {
  exit "$FAILED"
}

# The checks that talk to a cloud find out here which one.
# shellcheck source=/dev/null
[[ ! -f "$(dirname "${BASH_SOURCE[0]}")/cloud.sh" ]] || source "$(dirname "${BASH_SOURCE[0]}")/cloud.sh"
