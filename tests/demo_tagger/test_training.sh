#!/usr/bin/env bash
# The trainer of models/demo builds, trains for a moment, and what it writes is a tagger that balse reads. The argument is
# a build folder.
set -euo pipefail
build=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cmake --build "$build" --target train_demo_tagger balse
"$build/bin/train_demo_tagger" --output "$work/model" --images 64 --epochs 1 --test-images 128 | tee "$work/log"
grep '^epoch 1: loss 0\.' "$work/log"
grep '^mean AUC on 128 unseen posters: 0\.' "$work/log"

"$build/bin/balse" synth --output "$work/data" --posters --users 5 --items 6 --ratings 10 --poster-share 1
"$build/bin/balse" tag "$work/data/posters" --weights "$work/model/demo_tagger.caffemodel" --threshold 0 > "$work/tags.csv"
# A header, and a line for each of 32 tags of 6 posters.
test "$(wc -l < "$work/tags.csv")" = 193
grep -q '^0,no humans,0\.' "$work/tags.csv"
