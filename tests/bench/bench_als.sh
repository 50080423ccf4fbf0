#!/usr/bin/env bash
# One ALS fit (10 iterations) against numpy's per-row solves, both on one core, in one run; then two threads
# against one. Needs python3-numpy, python3-pandas and libopenblas0-pthread, and the reference data
# (BALSE_SHARED, or ../shared).
set -euo pipefail
cd "$(dirname "$0")/../.."
shared=${BALSE_SHARED:-../shared}
data=$shared/reference/mangaki-shaped
rounds=${ROUNDS:-5}
python=${PYTHON:-/usr/bin/python3}

cmake --preset release -DBUILD_TESTING=ON >/dev/null
cmake --build --preset release --target balse_als_bench >/dev/null
bench=build/release/bin/balse_als_bench

median() { sort -n | awk '{ x[NR] = $1 } END { print NR % 2 ? x[(NR + 1) / 2] : (x[NR / 2] + x[NR / 2 + 1]) / 2 }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", a / b }'; }

for rank in 10 20; do
  peer=() one=() two=()
  for _ in $(seq "$rounds"); do
    peer+=("$(OPENBLAS_NUM_THREADS=1 taskset -c 0 "$python" tests/bench/peer_als.py "$data/ratings.csv" "$data/folds.csv.gz" nb "$rank" 1 2>/dev/null)")
    one+=("$(taskset -c 0 "$bench" "$data/ratings.csv" "$data/folds.csv.gz" nb "$rank" 1 7 2>/dev/null)")
    two+=("$("$bench" "$data/ratings.csv" "$data/folds.csv.gz" nb "$rank" 2 7 2>/dev/null)")
  done
  p=$(printf '%s\n' "${peer[@]}" | median)
  a=$(printf '%s\n' "${one[@]}" | median)
  b=$(printf '%s\n' "${two[@]}" | median)
  echo "ALS r$rank, 10 iterations, median of $rounds: numpy $p s, balse $a s on 1 thread ($(ratio "$p" "$a") times faster), $b s on 2 ($(ratio "$a" "$b") times 1 thread)"
done
