#!/usr/bin/env bash
# Does the account have the zones, and room for one more environment?
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: check-quotas.sh ROOT

Looks at the zones that ROOT names and at the quotas that a first apply runs into: VPCs, Elastic IPs, NAT gateways and
vCPUs. Compares the quota with what is in use now plus what the root needs while nothing of it exists.
VCPUS is what the root will start (default 16).
Exit code: 0 there is room, 1 there is not.
TEXT
}

[[ "${1:-}" != -h && "${1:-}" != --help ]] || { usage; exit 0; }
(($# == 1)) || { usage >&2; exit 1; }

# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
need aws
need jq
root="$(root_of "$1")"
AWS_REGION="$(tfvar "$root" region)"
export AWS_REGION

# room NAME SERVICE QUOTA-CODE IN-USE NEEDED
room() {
  local quota
  quota="$(cloud service-quotas get-service-quota --service-code "$2" --quota-code "$3" | jq '.Quota.Value | floor')"
  if (($4 + $5 <= quota)); then
    passed "$1: $4 of $quota in use, $5 needed"
  else
    failed "$1: $4 of $quota in use, $5 needed; ask for more with aws service-quotas request-service-quota-increase --service-code $2 --quota-code $3"
  fi
}

zones="$(tfvar "$root" availability_zones)"
if [[ -z "$zones" ]]; then
  skipped "terraform/$root makes no network"
else
  known="$(cloud ec2 describe-availability-zones | jq -r '.AvailabilityZones[] | select(.State == "available") | .ZoneName')"
  count=0
  for zone in ${zones//,/ }; do
    count=$((count + 1))
    if grep -qx "$zone" <<<"$known"; then
      passed "zone $zone"
    else
      failed "zone $zone is not offered to this account; it has $(tr '\n' ' ' <<<"$known")"
    fi
  done

  [[ "$(tfvar "$root" single_nat_gateway)" == true ]] && gateways=1 || gateways="$count"
  in_use="$(jq -n --argjson subnets "$(cloud ec2 describe-subnets)" \
    --argjson gateways "$(cloud ec2 describe-nat-gateways --filter Name=state,Values=available,pending)" '
      ($subnets.Subnets | map({(.SubnetId): .AvailabilityZone}) | add // {}) as $zone
      | [$gateways.NatGateways[] | $zone[.SubnetId]] | group_by(.) | map(length) | max // 0')"
  room "VPCs" vpc L-F678F1CE "$(cloud ec2 describe-vpcs | jq '.Vpcs | length')" 1
  room "Elastic IPs" ec2 L-0263D0A3 "$(cloud ec2 describe-addresses | jq '.Addresses | length')" "$gateways"
  room "NAT gateways in the fullest zone" vpc L-FE5A380F "$in_use" 1
fi

running="$(cloud ec2 describe-instances --filters Name=instance-state-name,Values=pending,running |
  jq '[.Reservations[].Instances[] | select(.InstanceLifecycle != "spot") | .CpuOptions.CoreCount * .CpuOptions.ThreadsPerCore] | add // 0')"
room "vCPUs of on-demand instances" ec2 L-1216C47A "$running" "${VCPUS:-16}"

finish
