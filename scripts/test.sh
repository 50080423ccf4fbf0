#!/usr/bin/env bash
# Builds and checks everything: all tests, formatting, clang-tidy. Installs what it needs; safe to run again.
#   scripts/test.sh               the development build: tests, format, tidy
#   scripts/test.sh asan | tsan   a sanitizer build's tests instead (no format, no tidy)
set -euo pipefail
cd "$(dirname "$0")/.."
preset=${1:-dev}

scripts/install_packages.sh --test
# A folder configured elsewhere (a copied checkout) cannot be built in.
if [ -f "build/$preset/CMakeCache.txt" ] && ! grep -q "^CMAKE_HOME_DIRECTORY:INTERNAL=$PWD\$" "build/$preset/CMakeCache.txt"; then
  rm -rf "build/$preset"
fi
# What runs ONNX taggers: tests of them say SKIPPED without.
if runtime=$(scripts/install_onnxruntime.sh build/onnxruntime); then
  export BALSE_ONNXRUNTIME=${BALSE_ONNXRUNTIME:-$PWD/$runtime}
fi
cmake --preset "$preset" -DBUILD_TESTING=ON >/dev/null
cmake --build --preset "$preset"

if [ "$preset" = dev ]; then
  scripts/check_style.sh "build/$preset"
fi
ctest --preset "$preset"
# What was skipped must not look like what passed.
grep -h '^SKIPPED' "build/$preset/Testing/Temporary/LastTest.log" || true
