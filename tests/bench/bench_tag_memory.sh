#!/usr/bin/env bash
# Peak memory of balse tag: RUNS (200) runs over POSTERS (1000) small pictures with the demo tagger; prints the largest and
# how many were above LIMIT (400) MB. The path of another balse as argument has it run OTHER_RUNS (40) times in between.
# PROGRAM may name another balse than the one built here. Needs the package time.
other=${1:+$(realpath "$1")}
program=${PROGRAM:+$(realpath "$PROGRAM")}
source "$(dirname "$0")/common.sh"
runs=${RUNS:-200} other_runs=${OTHER_RUNS:-40} posters=${POSTERS:-1000} limit=${LIMIT:-400}
if [ -z "$program" ]; then
  build balse
  program=build/release/bin/balse
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/posters"
for ((k = 0; k < posters; ++k)); do
  printf 'P6\n1 1\n255\n%03d' $((k % 1000)) > "$work/posters/$k.ppm"
done

# measure PROGRAM PEAKS: adds the peak of one run, in KiB; of the process or the one that it runs the network in, whichever
# is larger.
measure() {
  /usr/bin/time -a -o "$2" -f '%M' \
    "$1" tag "$work/posters" --weights models/demo/demo_tagger.caffemodel > /dev/null 2> "$work/log" ||
    { cat "$work/log" >&2; exit 1; }
}

summarize() {
  sort -n "$2" | awk -v limit="$limit" -v name="$1" '
    { peaks[NR] = $1 * 1024 / 1e6; if (peaks[NR] > limit) ++above }
    END {
      printf "%s: %d runs, median %.0f MB, largest %.0f MB, %d above %d MB\n",
        name, NR, peaks[int((NR + 1) / 2)], peaks[NR], above, limit
    }'
}

for ((run = 0; run < runs; ++run)); do
  measure "$program" "$work/peaks"
  # Spread evenly over all runs, so that both meet the same states of the machine.
  if [ -n "$other" ] && ((run * other_runs / runs != (run + 1) * other_runs / runs)); then
    measure "$other" "$work/other_peaks"
  fi
done
if [ -n "$other" ]; then
  summarize other "$work/other_peaks"
fi
summarize balse "$work/peaks"
