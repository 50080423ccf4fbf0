#!/usr/bin/env bash
# How fast plain CSV is read: ROWS (20,000,000) rows of user,item,rating, with and without times. Prints million rows a
# second, the median of ROUNDS (5) runs pinned to one processor. Where another balse_reading_bench is given as argument
# (built of another version), both run in turns, and the median of the ratios now/before is printed, too.
source "$(dirname "$0")/common.sh"
before=${1:-}
rows=${ROWS:-20000000}
rounds=${ROUNDS:-5}
build balse_reading_bench
now=$(find build/release -name balse_reading_bench -type f)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Grouped by user, as most files are; 64 ratings a user, popular items more often.
awk -v rows="$rows" -v folder="$work" 'BEGIN {
  srand(1)
  print "user,item,rating" > (folder "/plain.csv")
  print "user,item,rating,timestamp" > (folder "/times.csv")
  for (row = 0; row < rows; ++row) {
    item = int(exp(rand() * 10.8)); rating = 1 + int(rand() * 10)
    print int(row / 64) "," item "," rating > (folder "/plain.csv")
    print int(row / 64) "," item "," rating "," 1300000000 + row > (folder "/times.csv")
  }
}'

seconds() {
  taskset -c 0 "$1" "$2" 1 | sed 's/seconds=\([0-9.]*\).*/\1/'
}
middle() {
  sort -g | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'
}

for file in plain times; do
  : > "$work/now"
  : > "$work/ratio"
  for ((round = 0; round < rounds; ++round)); do
    if [ -n "$before" ] && ((round % 2 == 0)); then
      b=$(seconds "$before" "$work/$file.csv")
    fi
    n=$(seconds "$now" "$work/$file.csv")
    if [ -n "$before" ] && ((round % 2 == 1)); then
      b=$(seconds "$before" "$work/$file.csv")
    fi
    echo "$n" >> "$work/now"
    if [ -n "$before" ]; then
      awk -v n="$n" -v b="$b" 'BEGIN { print n / b }' >> "$work/ratio"
    fi
  done
  awk -v file="$file.csv" -v rows="$rows" -v s="$(middle < "$work/now")" \
    'BEGIN { printf "%s: %.2f million rows a second", file, rows / s / 1e6 }'
  if [ -n "$before" ]; then
    printf ', now/before %.3f of the time' "$(middle < "$work/ratio")"
  fi
  echo
done
