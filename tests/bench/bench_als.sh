#!/usr/bin/env bash
# One ALS fit (10 iterations) against numpy's per-row solves, taking turns on one core; then two threads against
# one. Needs python3-numpy, python3-pandas, libopenblas0-pthread and the reference data (BALSE_SHARED, or ../shared).
source "$(dirname "$0")/common.sh"
build balse_als_bench
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for rank in 10 20; do
  for _ in $(seq "$rounds"); do
    taskset -c 0 "$python" tests/bench/peer_als.py "$data/ratings.csv" "$data/folds.csv.gz" nb "$rank" 1
    taskset -c 0 build/release/bin/balse_als_bench "$data/ratings.csv" "$data/folds.csv.gz" nb "$rank" 1 5 >> "$work/one$rank"
    build/release/bin/balse_als_bench "$data/ratings.csv" "$data/folds.csv.gz" nb "$rank" 2 5 >> "$work/two$rank"
  done > "$work/peer$rank"
  peer=$(median seconds "$work/peer$rank")
  one=$(median seconds "$work/one$rank")
  two=$(median seconds "$work/two$rank")
  echo "ALS r$rank: numpy $peer s; balse $one s on 1 thread, $(ratio "$peer" "$one") times faster;" \
    "$two s on 2, $(ratio "$one" "$two") times 1 thread"
done
