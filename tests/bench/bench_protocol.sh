#!/usr/bin/env bash
# The whole paper protocol (10 ALS fits, 10 LASSO fits, gates, predictions, reading included) on the reference
# set: seconds and peak memory on all processors. Needs the package time and the reference data (BALSE_SHARED, or
# ../shared); with a folder as argument, that data set instead.
source "$(dirname "$0")/common.sh"
data=${1:-$data}
build balse
for _ in $(seq "$rounds"); do
  /usr/bin/time -f '%e %M' build/release/bin/balse eval "$data/ratings.csv" --tags "$data/tags.csv" --format csv \
    2>&1 >/dev/null | tail -n 1
done | sort -n | awk '{ s[NR] = $1; m = $2 > m ? $2 : m }
  END { printf "balse eval, median of %d: %.2f s, peak memory %.0f MB\n", NR, s[int((NR + 1) / 2)], m / 1024 }'
