#!/usr/bin/env bash
# clang-format and clang-tidy over the project's sources; the argument is a configured build folder.
set -euo pipefail
cd "$(dirname "$0")/.."
build=$1

mapfile -t sources < <(find include src tests -name '*.cpp' -o -name '*.hpp' -o -name '*.inl' | sort)
clang-format --dry-run --Werror "${sources[@]}"

# The build compiles a room's sources together; here each is read alone, by a command of its own.
alone=$build/tidy
cmake -S . -B "$alone" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_EXPORT_COMPILE_COMMANDS=ON -DCMAKE_UNITY_BUILD=OFF \
  -Wno-dev >/dev/null

# The kernels' per-processor copies are one file; clang-tidy reads it once, through the baseline.
mapfile -t units < <(find src -name '*.cpp' ! -name '*_avx2.cpp' | sort)
# tidy UNITS_AT_ONCE ARGUMENT...: the units on standard input.
tidy() {
  xargs --max-procs="$(nproc)" --max-args="$1" clang-tidy --quiet -p "$alone" --extra-arg=-Wno-unknown-warning-option "${@:2}" \
    2> >(grep -v 'warnings generated\|warning generated\|Suppressed\|Use -header-filter' >&2)
}
# In LibTorch's and CLI11's headers this check takes as long as all others together, and says nothing of our code.
fast=--checks=-performance-unnecessary-value-param
# LibTorch's headers keep vectors of a class that is not complete yet, which clang refuses of a C++20 libstdc++; to read
# them is enough here, so these units get libc++'s headers. They are also the slowest, and come first.
torch='^src/(inference|demo_tagger)/'
cli='^src/(cli|manual)/'
status=0
printf '%s\n' "${units[@]}" | grep -E "$torch" | tidy 1 "$fast" --extra-arg=-stdlib=libc++ || status=$?
printf '%s\n' "${units[@]}" | grep -E "$cli" | tidy 1 "$fast" || status=$?
printf '%s\n' "${units[@]}" | grep -vE "$torch|$cli" | tidy 2 || status=$?
exit "$status"
