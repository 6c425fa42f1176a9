#!/usr/bin/env bash
# Could data be restored, and how much would be lost?
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: backup-check.sh ROOT [HOURS]

The database of ROOT must be restorable to a moment less than HOURS ago (default 1), buckets of its name must keep versions,
and the newest backup that Velero finished must be younger than 24 hours, where there is a bucket for it.
Exit code: 0 all recoverable, 1 something is not.
TEXT
}

[[ "${1:-}" != -h && "${1:-}" != --help ]] || { usage; exit 0; }
(($# >= 1)) || { usage >&2; exit 1; }

# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
need aws
need jq
root="$(root_of "$1")"
hours="${2:-1}"
[[ "$hours" =~ ^[0-9]+$ ]] || fail "HOURS must be a whole number."
AWS_REGION="$(tfvar "$root" region)"
export AWS_REGION
name="$(root_name "$root")"

# age TIMESTAMP: hours since then, rounded down
age() {
  jq -nr --arg time "$1" '(now - ($time | sub("\\.[0-9]+"; "") | sub("\\+00:00$"; "Z") | fromdateiso8601)) / 3600 | floor'
}

if database="$(cloud rds describe-db-instances --db-instance-identifier "$name" 2>/dev/null)"; then
  latest="$(jq -r '.DBInstances[0].LatestRestorableTime // empty' <<<"$database")"
  if [[ -z "$latest" ]]; then
    failed "database $name has no backup yet"
  elif (($(age "$latest") < hours)); then
    passed "database $name can be restored to $latest"
  else
    failed "database $name can only be restored to $latest"
  fi
else
  skipped "there is no database named $name"
fi

for bucket in $(cloud s3api list-buckets | jq -r --arg name "$name" '.Buckets[].Name | select(startswith($name + "-"))'); do
  if [[ "$(cloud s3api get-bucket-versioning --bucket "$bucket" | jq -r '.Status // "off"')" == Enabled ]]; then
    passed "bucket $bucket keeps versions"
  else
    failed "bucket $bucket keeps no versions"
  fi
done

bucket="$(tfvar "$root" backup_bucket)"
if [[ -n "$bucket" ]]; then
  latest="$(cloud s3api list-objects-v2 --bucket "$bucket" --prefix backups/ --query 'Contents' |
    jq -r '[.[]? | select(.Key | endswith("velero-backup.json")) | .LastModified] | max // empty')"
  if [[ -z "$latest" ]]; then
    failed "bucket $bucket holds no backup of Velero"
  elif (($(age "$latest") < 24)); then
    passed "Velero finished a backup at $latest"
  else
    failed "the newest backup of Velero is from $latest"
  fi
fi

finish
