#!/usr/bin/env bash
# balse eval with one and with two threads, alone and beside a process that uses one of the two processors without end.
# Prints median seconds of ROUNDS runs, all in turns; two threads must never be slower than one. The path of another balse
# as argument adds it to the comparison. Needs the reference data (BALSE_SHARED, or ../shared) and two processors.
source "$(dirname "$0")/common.sh"
build balse
programs=(build/release/bin/balse "$@")
work=$(mktemp -d)
neighbour=
trap 'rm -rf "$work"; [ -z "$neighbour" ] || kill "$neighbour"' EXIT

for ((round = 0; round < rounds; ++round)); do
  for busy in alone busy; do
    if [ "$busy" = busy ]; then
      taskset -c 0 sh -c 'while :; do :; done' &
      neighbour=$!
    fi
    for program in "${!programs[@]}"; do
      for threads in 1 2; do
        start=$EPOCHREALTIME
        taskset -c 0,1 "${programs[program]}" eval "$data/ratings.csv" --tags "$data/tags.csv" --format csv \
          --threads "$threads" > /dev/null 2> "$work/err" || { cat "$work/err" >&2; exit 1; }
        awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "s=%.3f\n", b - a }' >> "$work/$program.$busy.$threads"
      done
    done
    if [ -n "$neighbour" ]; then
      kill "$neighbour"
      wait "$neighbour" 2>/dev/null || true
      neighbour=
    fi
  done
done
for program in "${!programs[@]}"; do
  for busy in alone busy; do
    one=$(median s "$work/$program.$busy.1") two=$(median s "$work/$program.$busy.2")
    printf '%s %-5s: 1 thread %.2f s, 2 threads %.2f s, ratio %s\n' "${programs[program]}" "$busy" "$one" "$two" \
      "$(ratio "$two" "$one")"
  done
done
