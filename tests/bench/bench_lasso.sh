#!/usr/bin/env bash
# LASSO of all users, every duality gap / objective <= 1e-6, against scikit-learn's coordinate descent at the same
# gap, taking turns on one core; then two threads against one. Needs python3-sklearn, python3-pandas,
# libopenblas0-pthread and the reference data (BALSE_SHARED, or ../shared).
source "$(dirname "$0")/common.sh"
build balse_lasso_bench
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
files=("$data/ratings.csv" "$data/tags.csv" "$data/folds.csv.gz")

for scaling in raw sd; do
  for _ in $(seq "$rounds"); do
    taskset -c 0 "$python" tests/bench/peer_lasso.py --ratings "${files[0]}" --tags "${files[1]}" --folds "${files[2]}" \
      --set nb0 --gap 1e-6 --scaling "$scaling" --form dense >> "$work/peer$scaling"
    taskset -c 0 build/release/bin/balse_lasso_bench "${files[@]}" nb "$scaling" 1 3 >> "$work/one$scaling"
    build/release/bin/balse_lasso_bench "${files[@]}" nb "$scaling" 2 3 >> "$work/two$scaling"
  done
  peer=$(median seconds "$work/peer$scaling")
  one=$(median seconds "$work/one$scaling")
  two=$(median seconds "$work/two$scaling")
  echo "LASSO, $scaling tags: scikit-learn $peer s (worst gap $(median worst_gap "$work/peer$scaling")); balse $one s" \
    "(worst gap $(median worst_gap "$work/one$scaling")) on 1 thread, $(ratio "$peer" "$one") times faster;" \
    "$two s on 2, $(ratio "$one" "$two") times 1 thread"
done
