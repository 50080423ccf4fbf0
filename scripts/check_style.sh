#!/usr/bin/env bash
# clang-format and clang-tidy over the project's sources; the argument is a configured build folder.
set -euo pipefail
cd "$(dirname "$0")/.."
build=$1

mapfile -t sources < <(find include src tests -name '*.cpp' -o -name '*.hpp' -o -name '*.inl' | sort)
clang-format --dry-run --Werror "${sources[@]}"

# The kernels' per-processor copies are one file; clang-tidy reads it once, through the baseline.
mapfile -t units < <(find src -name '*.cpp' ! -name '*_avx2.cpp' | sort)
# LibTorch's headers keep vectors of a class that is not complete yet, which clang refuses of a C++20 libstdc++; to read
# them is enough here, so these units get libc++'s headers. They are also the slowest, and come first.
torch='^src/(inference|demo_tagger)/'
tidy() {
  xargs --max-procs="$(nproc)" --max-args="$1" clang-tidy --quiet -p "$build" --extra-arg=-Wno-unknown-warning-option "${@:2}" \
    2> >(grep -v 'warnings generated\|warning generated\|Suppressed\|Use -header-filter' >&2)
}
status=0
printf '%s\n' "${units[@]}" | grep -E "$torch" | tidy 1 --extra-arg=-stdlib=libc++ || status=$?
printf '%s\n' "${units[@]}" | grep -vE "$torch" | tidy 2 || status=$?
exit "$status"
