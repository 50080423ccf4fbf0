#!/usr/bin/env bash
# Peak memory of balse tag: RUNS (200) runs over POSTERS (1000) small pictures with the demo tagger; prints the largest and
# how many were above LIMIT (400) MB. PROGRAM may name another balse to be measured. Needs the packages time and python3.
source "$(dirname "$0")/common.sh"
runs=${RUNS:-200} posters=${POSTERS:-1000} limit=${LIMIT:-400}
program=${PROGRAM:-}
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
for ((run = 0; run < runs; ++run)); do
  # Of the process or the one it runs the network in, whichever is larger.
  /usr/bin/time -a -o "$work/peaks" -f '%M' \
    "$program" tag "$work/posters" --weights models/demo/demo_tagger.caffemodel > /dev/null 2> "$work/log" ||
    { cat "$work/log"; exit 1; }
done
sort -n "$work/peaks" | awk -v limit="$limit" '
  { mb = $1 * 1024 / 1e6; if (mb > limit) ++above; if (mb > largest) largest = mb; peaks[NR] = mb }
  END { printf "%d runs: median %.0f MB, largest %.0f MB, %d above %d MB\n", NR, peaks[int((NR + 1) / 2)], largest, above, limit }'
