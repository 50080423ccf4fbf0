#!/usr/bin/env bash
# Users who are folded into a model, on one thread: all of the file at once, and one at a time (median of 100), which
# copies the other users' arrays each time. Needs the reference data (BALSE_SHARED, or ../shared).
source "$(dirname "$0")/common.sh"
build balse_fold_in_bench balse
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for blend in gate stack; do
  build/release/bin/balse fit "$data/ratings.csv" --tags "$data/tags.csv" --blend "$blend" --model "$work/$blend" \
    2>/dev/null
  for _ in $(seq "$rounds"); do
    build/release/bin/balse_fold_in_bench "$work/$blend" "$data/ratings.csv" 1 >> "$work/of-$blend"
  done
  echo "--blend $blend: $(median ms_a_user "$work/of-$blend") ms a user, $(median ms_alone "$work/of-$blend") ms for one alone;" \
    "a model of $(stat -c %s "$work/$blend") bytes"
done
