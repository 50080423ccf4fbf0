#!/usr/bin/env bash
# What the orders of `balse recommend` are worth, as the table of docs/recommendations.md has it: for every fold of the
# paper's protocol a model of its train and validation ratings recommends ten items to everyone, and the test ratings say
# what of it was wanted.
#   scripts/ranking.sh RATINGS [OPTION OF balse fit]...        such as --tags TAGS
#   BLENDS="gate stack"    models that are made; stack needs some ten times as long
#   RELEVANT=9             what a test rating must be to count; by itself the upper eighth of the scale
#   BALSE=build/release/bin/balse   the program, if it is another one
set -euo pipefail
if [ $# -lt 1 ]; then
  echo "usage: $0 RATINGS [OPTION OF balse fit]..." >&2
  exit 64
fi
here=$(cd "$(dirname "$0")" && pwd)
balse=${BALSE:-$here/../build/release/bin/balse}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$balse" convert "$1" "$work/ratings.csv" --quiet
shift
"$balse" eval "$work/ratings.csv" --models global-mean --write-folds "$work/folds.csv" --quiet > "$work/table"
for fold in 0 1 2 3 4; do
  for blend in ${BLENDS:-gate stack}; do
    "$balse" fit "$work/ratings.csv" "$@" --folds "$work/folds.csv" --fold "$fold" --blend "$blend" --quiet \
      --model "$work/model"
    for order in mean lower-bound relevance; do
      "$balse" recommend --model "$work/model" --all-users --rank-by "$order" --reasons 0 --quiet \
        > "$work/$fold,$blend,$order"
    done
  done
done
python3 "$here/ranking_table.py" "$work" ${RELEVANT:+"$RELEVANT"}
