#!/usr/bin/env bash
# A folder of POSTERS (96) JPEGs of 512 x 728 through a WD-shaped vision transformer of random numbers: balse tag, and a plain
# loop of onnxruntime-node with sharp, in turns, whole processes. PATCH, WIDTH, HEADS and BLOCKS are the model's (16, 192, 3,
# 12: ViT-Ti). Needs the packages time, nodejs and npm, which fetches onnxruntime-node and sharp.
source "$(dirname "$0")/common.sh"
posters=${POSTERS:-96} threads=${THREADS:-2}
build balse balse_write_vit balse_peer_opencv_tag
bin=build/release/bin
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cpus=0-$((threads - 1))

"$bin/balse_write_vit" "$work/model.onnx" "${PATCH:-16}" "${WIDTH:-192}" "${HEADS:-3}" "${BLOCKS:-12}"
awk 'BEGIN { print "tag_id,name,category,count"; for (k = 0; k < 10861; ++k) print k ",tag_" k ",0,1" }' > "$work/selected_tags.csv"
mkdir "$work/posters"
"$bin/balse_peer_opencv_tag" posters "$work/posters" "$posters"
(cd "$work" && npm install --silent --ignore-scripts onnxruntime-node sharp > npm.log 2>&1) ||
  { echo "SKIPPED: npm cannot install onnxruntime-node and sharp"; exit 0; }
cp tests/bench/peer_onnx_folder.js "$work"
export BALSE_ONNXRUNTIME=${BALSE_ONNXRUNTIME:-$(dirname "$(ls "$work"/node_modules/onnxruntime-node/bin/*/linux/x64/libonnxruntime.so.1)")}

on() { taskset -c "$cpus" /usr/bin/time -a -o "$1" -f 'seconds=%e cpu=%U kib=%M' "${@:2}"; }
for _ in $(seq "$rounds"); do
  on "$work/balse" "$bin/balse" tag "$work/posters" --weights "$work/model.onnx" --tagger wd-v3 --threads "$threads" \
    --output "$work/tags.csv" ${BATCH:+--batch "$BATCH"} 2> "$work/log"
  rm -f "$work/tags.csv"
  on "$work/node" node "$work/peer_onnx_folder.js" "$work/model.onnx" "$work/posters" "$threads" > /dev/null
done
rate() { awk -v n="$posters" -v s="$(median seconds "$1")" 'BEGIN { printf "%.2f", n / s }'; }
echo "$posters JPEGs, whole processes, posters a second, median of $rounds: balse tag $(rate "$work/balse"), onnxruntime-node" \
  "$(rate "$work/node"), $(ratio "$(median seconds "$work/node")" "$(median seconds "$work/balse")") times; processor time" \
  "$(median cpu "$work/balse") and $(median cpu "$work/node") s; memory $(awk -v a="$(median kib "$work/balse")" \
  -v b="$(median kib "$work/node")" 'BEGIN { printf "%.0f and %.0f MB", a * 1024 / 1e6, b * 1024 / 1e6 }')"
