#!/bin/sh
# LASSO for all users: balse against scikit-learn on one core, and balse on two threads against one.
#   bench_lasso.sh BUILD_DIR DATA_DIR [REPEATS] [CORE]
# DATA_DIR holds ratings.csv, tags.csv and folds.csv.gz; the train and validation rows of set nb0 are
# fitted. Both sides take turns on the same core, so that what else runs on the machine hits both.
# Prints one line for each configuration, with medians of wall and processor seconds.
set -eu
build=$1
data=$2
repeats=${3:-3}
core=${4:-0}
here=$(dirname "$0")
python=${PYTHON:-/usr/bin/python3}
files="--ratings $data/ratings.csv --tags $data/tags.csv --folds $data/folds.csv.gz --set nb0 --gap 1e-6"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OPENBLAS_NUM_THREADS=1 OMP_WAIT_POLICY=passive PYTHONWARNINGS=ignore

# median FIELD FILE
median() {
  sed "s/.*$1=\([^ ]*\).*/\1/" "$2" | sort -g | awk '{v[NR] = $1} END {print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'
}

ratio() {
  awk -v a="$1" -v b="$2" 'BEGIN {printf "%.1f", a / b}'
}

for scaling in raw sd; do
  for side in balse peer two; do
    : > "$work/$side"
  done
  for _ in $(seq "$repeats"); do
    taskset -c "$core" "$build/bin/balse_lasso_bench" $files --scaling $scaling --threads 1 --repeat 3 >> "$work/balse"
    taskset -c "$core" "$python" "$here/peer_lasso.py" $files --scaling $scaling --form dense >> "$work/peer"
    "$build/bin/balse_lasso_bench" $files --scaling $scaling --threads 2 --repeat 3 >> "$work/two"
  done
  gap=$(median worst_gap "$work/balse")
  peer_gap=$(median worst_gap "$work/peer")
  one=$(median seconds "$work/balse")
  peer=$(median seconds "$work/peer")
  two=$(median seconds "$work/two")
  echo "$scaling, 1 thread: balse $one s (gap $gap), scikit-learn $peer s (gap $peer_gap): $(ratio "$peer" "$one") x" \
    "(processor time: $(ratio "$(median cpu "$work/peer")" "$(median cpu "$work/balse")") x)"
  echo "$scaling, 2 threads: balse $two s: $(ratio "$one" "$two") x one thread"
done
