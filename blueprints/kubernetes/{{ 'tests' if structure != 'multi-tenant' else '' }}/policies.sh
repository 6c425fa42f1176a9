#!/usr/bin/env bash
# Show the API server one object that each admission policy must accept and one that it must refuse.
# Nothing is stored: every request is a dry run. Needs a cluster that has kubernetes/base.
set -euo pipefail

cd "$(dirname "$0")/policies"
failed=0

for directory in */; do
  policy=${directory%/}

  if ! answer=$(kubectl create --dry-run=server --filename "$policy/accepted.yaml" 2>&1); then
    echo "FAIL $policy refuses accepted.yaml: $answer"
    failed=1
  fi

  if answer=$(kubectl create --dry-run=server --filename "$policy/rejected.yaml" 2>&1); then
    echo "FAIL $policy accepts rejected.yaml"
    failed=1
  elif [[ $answer != *"'$policy'"* ]]; then
    echo "FAIL rejected.yaml of $policy is refused by something else: $answer"
    failed=1
  else
    echo "ok   $policy"
  fi
done

exit "$failed"
