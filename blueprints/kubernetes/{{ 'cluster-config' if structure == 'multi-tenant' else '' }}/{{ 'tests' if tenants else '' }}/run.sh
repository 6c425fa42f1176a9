#!/usr/bin/env bash
# Asks the API server of the current kubectl context, without changing anything, whether it accepts what
# tenants may do and refuses what they may not. The name of a refused sample begins with the policy
# that has to refuse it. Needs kubernetes/cluster-config and the tenants' namespaces on the cluster.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
failures=0

complain() {
  echo "FAILED $1: $2" >&2
  failures=$((failures + 1))
}

for sample in "$here"/accepted/*.yaml; do
  answer=$(kubectl apply --dry-run=server --filename "$sample" 2>&1) || complain "${sample#"$here"/}" "$answer"
done
for sample in "$here"/rejected/*.yaml; do
  file=${sample##*/}
  if answer=$(kubectl apply --dry-run=server --filename "$sample" 2>&1); then
    complain "${sample#"$here"/}" "was accepted"
  elif [[ $answer != *"ValidatingAdmissionPolicy '${file%%.*}'"* ]]; then
    complain "${sample#"$here"/}" "$answer"
  fi
done

[ "$failures" -eq 0 ] || exit 1
echo "Every policy accepts and refuses what it should."
