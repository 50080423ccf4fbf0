#!/usr/bin/env bash
# The table of docs/accuracy.md for any data: every block by itself, BALSE and BALSE+, with ratings held out at random and
# with whole items held out.
#   scripts/ablation.sh RATINGS TAGS [OPTION OF balse eval]...
#   BALSE=build/release/bin/balse   the program, if it is another one
set -euo pipefail
if [ $# -lt 2 ]; then
  echo "usage: $0 RATINGS TAGS [OPTION OF balse eval]..." >&2
  exit 64
fi
balse=${BALSE:-$(dirname "$0")/../build/release/bin/balse}
ratings=$1
tags=$2
shift 2
for protocol in paper item-cold; do
  "$balse" eval "$ratings" --tags "$tags" --protocol "$protocol" --models all --format csv "$@" |
    awk -F, -v protocol="$protocol" '
      NR > 1 {
        if (!($1 in row)) order[++n] = $1
        row[$1] = row[$1] sprintf(" %9s", $5 == "" ? "-" : sprintf("%.4f", $5))
      }
      END {
        printf "%s%-*s all       little-known cold-start\n", (protocol == "paper" ? "" : "\n"), 16, protocol
        for (k = 1; k <= n; ++k) printf "%-14s%s\n", order[k], row[order[k]]
      }'
done
