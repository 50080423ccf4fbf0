#!/usr/bin/env bash
# balse predict of PAIRS (6 million) random pairs, whole processes, against the same work in numpy and pandas, taking
# turns; then that both say the same, balse's memory, and how long the first row of an open pipe takes. On a set of
# Mangaki's size that balse synth makes, or on the files given: bench_predict.sh [RATINGS TAGS].
# Needs the packages time, python3-numpy, python3-pandas, python3-scipy and libopenblas0-pthread.
ratings=${1:+$(realpath "$1")} tags=${2:+$(realpath "$2")}
source "$(dirname "$0")/common.sh"
pairs=${PAIRS:-6000000}
build balse
balse=build/release/bin/balse
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ -z "$ratings" ]; then
  "$balse" synth --output "$work" 2>/dev/null
  ratings=$work/ratings.csv tags=$work/tags.csv
fi
"$balse" fit "$ratings" --tags "$tags" --model "$work/model" 2>/dev/null
"$python" - "$ratings" "$tags" "$pairs" "$work/pairs.csv" <<'END'
import sys

import numpy as np
import pandas as pd

ratings, tags, count, output = *sys.argv[1:3], int(sys.argv[3]), sys.argv[4]
rated = pd.read_csv(ratings, dtype=str)
users = rated.user.unique()
items = pd.concat([rated.item, pd.read_csv(tags, dtype=str).item]).unique()
random = np.random.RandomState(0)
pairs = {"user": users[random.randint(len(users), size=count)], "item": items[random.randint(len(items), size=count)]}
pd.DataFrame(pairs).to_csv(output, index=False)
END

timed() { /usr/bin/time -a -o "$work/$1" -f 'seconds=%e kib=%M' "${@:2}"; }
predict() { timed "$1" "${@:3}" "$balse" predict --model "$work/model" --threads "$2" "$work/pairs.csv" > "$work/balse.csv"; }
for _ in $(seq "$rounds"); do
  for how in plain tuned; do
    timed "$how" taskset -c 0 "$python" tests/bench/peer_predict.py "$how" "$work/model" "$work/pairs.csv" "$work/$how.csv"
  done
  predict one 1 taskset -c 0
  predict two 2
done
plain=$(median seconds "$work/plain")
tuned=$(median seconds "$work/tuned")
one=$(median seconds "$work/one")
two=$(median seconds "$work/two")
rate() { awk -v n="$pairs" -v s="$1" 'BEGIN { printf "%.2f", n / s / 1e6 }'; }
echo "balse predict, million pairs a second, median of $rounds: $(rate "$one") on 1 thread, $(rate "$two") on 2;" \
  "a script with numpy and pandas $(rate "$plain"), one tuned by hand $(rate "$tuned")"
echo "balse is $(ratio "$plain" "$one") and $(ratio "$plain" "$two") times as fast as the script (1 and 2 threads)," \
  "$(ratio "$tuned" "$one") and $(ratio "$tuned" "$two") times as fast as the tuned one" \
  "($plain s, $tuned s, $one s, $two s)"

for how in plain tuned; do
paste -d , "$work/balse.csv" "$work/$how.csv" | awk -F , -v pairs="$pairs" '
  NR == 1 { next }
  { d = $3 - $6; d = d < 0 ? -d : d; most = d > most ? d : most }
  NF != 6 || $1 != $4 || $2 != $5 || d > 2e-6 { ++different }
  END {
    printf "rows that differ: %d of %d, largest difference %.0e\n", different, NR - 1, most
    exit different > 0 || NR - 1 != pairs
  }'
done

for times in 1 10; do
  { for _ in $(seq "$times"); do tail -n +2 "$work/pairs.csv"; done; } |
    timed "memory$times" "$balse" predict --model "$work/model" --threads 2 - > /dev/null
done
model=$(stat -c %s "$work/model")
beyond() { awk -v kib="$1" -v model="$model" 'BEGIN { printf "%.1f MB", (kib * 1024 - model) / 1e6 }'; }
echo "peak memory beyond the model's $(awk -v b="$model" 'BEGIN { printf "%.1f MB", b / 1e6 }'), 2 threads:" \
  "file $(beyond "$(median kib "$work/two")"), pipe $(beyond "$(median kib "$work/memory1")")," \
  "10 times as many pairs through a pipe $(beyond "$(median kib "$work/memory10")")"

# The pipe stays open until the first row is back.
mkfifo "$work/in" "$work/out"
pair=$(sed -n 2p "$work/pairs.csv")
for _ in $(seq 20); do
  begun=${EPOCHREALTIME/./}
  "$balse" predict --model "$work/model" < "$work/in" > "$work/out" &
  exec 8> "$work/in" 9< "$work/out"
  echo "$pair" >&8
  { read -r -t 5 _ && read -r -t 5 _; } <&9 || { echo "no row within 5 s of an open pipe" >&2; exit 1; }
  ended=${EPOCHREALTIME/./}
  exec 8>&- 9<&-
  wait "$!"
  awk -v us=$((ended - begun)) 'BEGIN { printf "ms=%.1f\n", us / 1000 }' >> "$work/first"
done
first=$(median ms "$work/first")
echo "from start to the first row out, median of 20: $first ms"
awk -v ms="$first" 'BEGIN { exit !(ms < 50) }'
