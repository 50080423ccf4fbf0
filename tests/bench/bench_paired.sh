#!/usr/bin/env bash
# Two balse programs side by side: BEFORE (its path is the argument) and the one built here, in turns, both pinned to the
# same processors. Prints the median seconds of ROUNDS runs of each and the median of the ratios now/before, of
#   eval     the whole protocol           fit        one model
#   predict  100,000 pairs                one pair   what it takes to open a model, check it and predict once
# Needs the reference data (BALSE_SHARED, or ../shared). NOW may name another program than the one built here.
source "$(dirname "$0")/common.sh"
before=${1:?usage: bench_paired.sh PATH_OF_THE_OTHER_BALSE}
now=${NOW:-}
if [ -z "$now" ]; then
  build balse
  now=build/release/bin/balse
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cpus=${CPUS:-0-$(($(nproc) - 1))}

# seconds PROGRAM ARGUMENT...: prints how long it took.
seconds() {
  local start=$EPOCHREALTIME
  taskset -c "$cpus" "$@" > "$work/out" 2> "$work/err" || { cat "$work/err" >&2; exit 1; }
  awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.4f", b - a }'
}

# compare WORDS RUNS ARGUMENT...: where an argument is MODEL, each program takes the model that it wrote.
compare() {
  local words=$1 runs=$2 name
  shift 2
  : > "$work/times"
  for ((run = 0; run < runs; ++run)); do
    local a b
    # Whoever comes second finds warmer caches, or a hotter processor: turns change.
    if ((run % 2)); then
      a=$(seconds "$before" "${@//MODEL/$work/before.model}")
      b=$(seconds "$now" "${@//MODEL/$work/now.model}")
    else
      b=$(seconds "$now" "${@//MODEL/$work/now.model}")
      a=$(seconds "$before" "${@//MODEL/$work/before.model}")
    fi
    echo "before=$a now=$b ratio=$(awk -v a="$a" -v b="$b" 'BEGIN { printf "%.4f", b / a }')" >> "$work/times"
  done
  printf '%-9s before %.4f s, now %.4f s, ratio %.3f (median of %d)\n' "$words" \
    "$(median before "$work/times")" "$(median now "$work/times")" "$(median ratio "$work/times")" "$runs"
}

awk -F, 'BEGIN { print "user,item" } NR > 1 && NR <= 100001 { print $1 "," $2 }' "$data/ratings.csv" > "$work/pairs.csv"
awk 'NR <= 2' "$work/pairs.csv" > "$work/pair.csv"
compare fit "$rounds" fit "$data/ratings.csv" --tags "$data/tags.csv" --model MODEL
compare eval "$rounds" eval "$data/ratings.csv" --tags "$data/tags.csv" --format csv
compare predict "$((rounds * 5))" predict --model MODEL "$work/pairs.csv"
compare "one pair" "$((rounds * 10))" predict --model MODEL "$work/pair.csv"
