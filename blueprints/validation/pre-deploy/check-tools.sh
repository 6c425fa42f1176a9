#!/usr/bin/env bash
# Are the programs of .tool-versions here, in the versions it names?
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: check-tools.sh [TOOL...]

Compares each tool (all of .tool-versions, when none is named) with what is on PATH.
Exit code: 0 all there, 1 one is missing or has another version.
TEXT
}

[[ "${1:-}" != -h && "${1:-}" != --help ]] || { usage; exit 0; }

# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
versions="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/.tool-versions"
[[ -f "$versions" ]] || fail "$versions is missing."

# What a program says about its own version; a few want to be asked differently.
version_of() {
  case "$1" in
    kubectl) kubectl version --client ;;
    kubeconform) kubeconform -v ;;
    gitleaks | helm | kustomize) "$1" version ;;
    *) "$1" --version ;;
  esac 2>/dev/null | grep -Eo '[0-9]+\.[0-9]+\.[0-9]+' | head -n 1
}

while read -r tool wanted; do
  [[ -n "$tool" && "$tool" != \#* ]] || continue
  if (($# > 0)) && [[ " $* " != *" $tool "* ]]; then
    continue
  fi
  if ! command -v "$tool" >/dev/null; then
    failed "$tool $wanted is missing: scripts/install-tools.sh gets it"
    continue
  fi
  found="$(version_of "$tool" || true)"
  if [[ "$found" == "${wanted#v}" ]]; then
    passed "$tool $wanted"
  else
    failed "$tool is ${found:-of unknown version}, .tool-versions names $wanted"
  fi
done <"$versions"

finish
