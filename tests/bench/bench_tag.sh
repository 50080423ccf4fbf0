#!/usr/bin/env bash
# The Illustration2Vec network of the published size (random weights) in images a second, each engine taking turns:
# balse, balse without Winograd's convolutions (LibTorch alone), OpenCV's dnn, ONNX Runtime; then a folder of POSTERS (96)
# 512 x 728 JPEGs through balse tag and through OpenCV, end to end, with start and loading; and balse's memory.
# Needs the packages time and python3; ONNX Runtime comes from npm, where there is one.
source "$(dirname "$0")/common.sh"
posters=${POSTERS:-96} batch=${BATCH:-16} threads=${THREADS:-2}
build balse balse_fma_peak balse_tag_bench balse_peer_opencv_tag
bin=build/release/bin
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cpus=0-$((threads - 1))

"$bin/balse_peer_opencv_tag" weights "$work/net.caffemodel"
"$python" -c 'import json; print(json.dumps([f"tag {k}" for k in range(1539)]))' > "$work/tag_list.json"
"$bin/balse" tag --weights "$work/net.caffemodel" --convert "$work/net.safetensors" 2> "$work/log" || { cat "$work/log"; exit 1; }
onnxruntime=false
if command -v npm > /dev/null && (cd "$work" && npm install --silent --ignore-scripts onnxruntime-node > npm.log 2>&1); then
  onnxruntime=true
  "$python" tests/bench/write_onnx.py "$work/net.safetensors" "$work/net.onnx"
  cp tests/bench/peer_onnxruntime.js "$work"
else
  echo "SKIPPED: ONNX Runtime: npm cannot install onnxruntime-node"
fi

on() { taskset -c "$cpus" "$@"; }
for _ in $(seq "$rounds"); do
  on "$bin/balse_tag_bench" "$work/net.safetensors" "$batch" "$threads" >> "$work/balse"
  on "$bin/balse_tag_bench" "$work/net.safetensors" "$batch" "$threads" plain >> "$work/plain"
  on "$bin/balse_peer_opencv_tag" net "$work/net.caffemodel" "$batch" "$threads" >> "$work/opencv"
  if $onnxruntime; then
    on node "$work/peer_onnxruntime.js" "$work/net.onnx" "$batch" "$threads" >> "$work/onnxruntime"
  fi
  on "$bin/balse_tag_bench" "$work/net.safetensors" "$batch" "$threads" bfloat16 >> "$work/bfloat16" 2> /dev/null || true
done
balse=$(median rate "$work/balse")
plain=$(median rate "$work/plain")
opencv=$(median rate "$work/opencv")
echo "network alone, batch $batch, $threads threads, images a second, median of $rounds: balse $balse, LibTorch alone $plain," \
  "OpenCV dnn $opencv$($onnxruntime && echo ", ONNX Runtime $(median rate "$work/onnxruntime")")"
[ ! -s "$work/bfloat16" ] || echo "bfloat16 $(median rate "$work/bfloat16")"
echo "balse is $(ratio "$balse" "$opencv") times OpenCV dnn, LibTorch alone $(ratio "$plain" "$opencv") times"
# A picture takes 18.67 GFLOP as the topology is written; Winograd's algorithm leaves 7.57 of them, and transforms.
peak=$("$bin/balse_fma_peak" "$threads" | sed 's/gflops=//')
share() { awk -v r="$1" -v f="$2" -v p="$peak" 'BEGIN { printf "%.0f %%", 100 * r * f / p }'; }
echo "of the processor's peak, $peak GFLOP/s of fused multiply-adds: LibTorch alone $(share "$plain" 18.67), balse" \
  "$(share "$balse" 18.67) as if it had not left out any, $(share "$balse" 7.57) by what Winograd's algorithm leaves"
if $onnxruntime; then
  ort=$(median rate "$work/onnxruntime")
  echo "balse is $(ratio "$balse" "$ort") times ONNX Runtime, LibTorch alone $(ratio "$plain" "$ort") times"
fi

mkdir "$work/posters"
"$bin/balse_peer_opencv_tag" posters "$work/posters" "$posters"
for _ in $(seq "$rounds"); do
  on /usr/bin/time -a -o "$work/folder" -f 'seconds=%e kib=%M' \
    "$bin/balse" tag "$work/posters" --weights "$work/net.safetensors" --threads "$threads" --output "$work/tags.csv" 2> "$work/log"
  on /usr/bin/time -a -o "$work/folder_opencv" -f 'seconds=%e' \
    "$bin/balse_peer_opencv_tag" folder "$work/net.caffemodel" "$work/posters" "$batch" "$threads" > /dev/null
done
seconds=$(median seconds "$work/folder")
peer=$(median seconds "$work/folder_opencv")
rate() { awk -v n="$posters" -v s="$1" 'BEGIN { printf "%.2f", n / s }'; }
echo "$posters JPEGs of 512 x 728, whole processes: balse tag $(rate "$seconds") images/s, OpenCV $(rate "$peer")," \
  "$(ratio "$peer" "$seconds") times; peak memory $(awk -v k="$(median kib "$work/folder")" 'BEGIN { printf "%.0f MB", k * 1024 / 1e6 }')"
