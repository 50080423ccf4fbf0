#!/usr/bin/env bash
# Seconds and memory of 2-fold cross-validation (4 ALS fits, 4 LASSO fits) on synthetic sets of four sizes up to 20
# million ratings: both should grow linearly. Needs the package time and about 1 GB in TMPDIR.
source "$(dirname "$0")/common.sh"
build balse
balse=build/release/bin/balse
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

for millions in 2.5 5 10 20; do
  ratings=$(awk -v m="$millions" 'BEGIN { print m * 1000000 }')
  users=$(awk -v m="$millions" 'BEGIN { print m * 6000 }')
  items=$(awk -v m="$millions" 'BEGIN { print m * 3000 }')
  "$balse" synth --output "$folder" --force --users "$users" --items "$items" --ratings "$ratings" 2>/dev/null
  read -r seconds kilobytes < <(/usr/bin/time -f '%e %M' "$balse" eval "$folder/ratings.csv" --tags "$folder/tags.csv" --fold-count 2 --format csv \
    2>&1 >/dev/null | tail -n 1)
  awk -v r="$ratings" -v u="$users" -v i="$items" -v s="$seconds" -v k="$kilobytes" 'BEGIN {
    factors = (u + i) * 20 * 8  # one copy, as doubles
    printf "%11d ratings: %6.1f s, %5.2f s a million; peak %5.0f MB, less factors %4.1f bytes a rating\n",
           r, s, s * 1e6 / r, k / 1024, (k * 1024 - factors) / r }'
done
