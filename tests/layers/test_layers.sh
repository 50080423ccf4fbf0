#!/usr/bin/env bash
# Reads the includes of include/balse and src: a room may use its own headers and the public ones of the rooms below it, as
# the table says (CONTRIBUTING.md, Rooms).
set -euo pipefail
cd "$(dirname "$0")/../.."

declare -A knows=(
  [support]=""
  [data]="support"
  [model]="data support"
  [explanation]="model data support"
  [serving]="explanation model data support"
  [evaluation]="model data support"
  [report]="evaluation model data support"
  [tagging]="data support"
  [synthesis]="tagging data support"
  [imaging]="tagging synthesis support"
  [inference]="tagging support"
  [demo_tagger]="tagging synthesis support"
  [cli]="explanation serving report evaluation model tagging synthesis data support"
  [manual]="cli support"
)
# Whose insides another room is made of: modules are compiled from tagging's and support's own files.
declare -A inside=(
  [imaging]="tagging support"
  [inference]="tagging support"
  [demo_tagger]="tagging imaging inference support"
  [manual]="cli"
)

wrong=0
complain() {
  echo "$1" >&2
  wrong=$((wrong + 1))
}

rooms=$(find include/balse src -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | sort -u)
for room in $rooms; do
  [ -n "${knows[$room]+known}" ] || complain "$room is a room that tests/layers/test_layers.sh does not know"
done
[ "$wrong" -eq 0 ] || exit 1

includes=0
while IFS=: read -r file line text; do
  includes=$((includes + 1))
  room=$(cut -d/ -f2 <<< "${file/#include\/balse/src}")
  target=${text#*\"}
  target=${target%%\"*}
  case $target in
    balse/version.hpp) continue ;;
    balse/*/*) other=${target#balse/} other=${other%%/*} public=yes ;;
    */*) other=${target%%/*} public=no ;;
    *) continue ;;  # beside the file
  esac
  [ -n "${knows[$other]+known}" ] || { complain "$file:$line includes $target, which is in no room"; continue; }
  [ "$other" != "$room" ] || continue
  if [ "$public" = yes ]; then
    [[ " ${knows[$room]} " == *" $other "* ]] || complain "$file:$line: $room may not know $other, and includes $target"
  else
    [[ " ${inside[$room]-} " == *" $other "* ]] || complain "$file:$line: $room includes $target, which is private to $other"
  fi
done < <(grep -rnE '^#include "' include/balse src)
[ "$includes" -gt 500 ] || complain "only $includes includes were found"

echo "$includes includes, $wrong faults"
[ "$wrong" -eq 0 ]
