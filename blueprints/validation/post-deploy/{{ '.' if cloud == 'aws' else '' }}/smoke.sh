#!/usr/bin/env bash
# Is what Terraform made up, and do the endpoints answer?
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: smoke.sh ROOT [https://HOST/PATH...]

Finds cluster, node groups, add-ons, database and instances of ROOT by its name and looks at their state. Each URL has to
answer below 400 with a certificate that is valid for 21 more days.
Exit code: 0 all well, 1 something is not.
TEXT
}

[[ "${1:-}" != -h && "${1:-}" != --help ]] || { usage; exit 0; }
(($# >= 1)) || { usage >&2; exit 1; }

# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
need aws
need jq
root="$(root_of "$1")"
shift
AWS_REGION="$(tfvar "$root" region)"
export AWS_REGION
name="$(root_name "$root")"

# expect WHAT STATE WANTED
expect() {
  if [[ "$2" == "$3" ]]; then
    passed "$1 is $2"
  else
    failed "$1 is $2, not $3"
  fi
}

found=0

if cluster="$(cloud eks describe-cluster --name "$name" 2>/dev/null)"; then
  found=1
  expect "cluster $name" "$(jq -r .cluster.status <<<"$cluster")" ACTIVE
  for group in $(cloud eks list-nodegroups --cluster-name "$name" | jq -r '.nodegroups[]'); do
    expect "node group $group" "$(cloud eks describe-nodegroup --cluster-name "$name" --nodegroup-name "$group" | jq -r .nodegroup.status)" ACTIVE
  done
  for addon in $(cloud eks list-addons --cluster-name "$name" | jq -r '.addons[]'); do
    expect "add-on $addon" "$(cloud eks describe-addon --cluster-name "$name" --addon-name "$addon" | jq -r .addon.status)" ACTIVE
  done
fi

if database="$(cloud rds describe-db-instances --db-instance-identifier "$name" 2>/dev/null)"; then
  found=1
  expect "database $name" "$(jq -r '.DBInstances[0].DBInstanceStatus' <<<"$database")" available
fi

while IFS=$'\t' read -r group healthy wanted; do
  [[ -n "$group" ]] || continue
  found=1
  expect "healthy instances of $group" "$healthy" "$wanted"
done < <(cloud autoscaling describe-auto-scaling-groups --filters "Name=tag:Name,Values=$name" | jq -r '
  .AutoScalingGroups[]
  | [.AutoScalingGroupName, ([.Instances[] | select(.LifecycleState == "InService" and .HealthStatus == "Healthy")] | length), .DesiredCapacity]
  | @tsv')

((found)) || failed "nothing named $name was found in $AWS_REGION; is it applied?"

for url in "$@"; do
  need curl
  need openssl
  status="$(curl --silent --output /dev/null --max-time 15 --write-out '%{http_code}' "$url" || true)"
  if ((10#${status:-0} >= 200 && 10#${status:-0} < 400)); then
    passed "$url answers $status"
  else
    failed "$url answers $status"
  fi
  host="${url#https://}"
  host="${host%%/*}"
  host="${host%%:*}"
  if openssl s_client -connect "$host:443" -servername "$host" </dev/null 2>/dev/null | openssl x509 -noout -checkend $((21 * 86400)) >/dev/null 2>&1; then
    passed "certificate of $host is valid for 21 more days"
  else
    failed "certificate of $host is missing or ends within 21 days"
  fi
done

finish
