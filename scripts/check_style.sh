#!/usr/bin/env bash
# clang-format and clang-tidy over the project's sources; the argument is a configured build folder.
set -euo pipefail
cd "$(dirname "$0")/.."
build=$1

mapfile -t sources < <(find include src tests -name '*.cpp' -o -name '*.hpp' -o -name '*.inl' | sort)
clang-format --dry-run --Werror "${sources[@]}"

# The kernels' per-processor copies are one file; clang-tidy reads it once, through the baseline.
mapfile -t units < <(find src -name '*.cpp' ! -name '*_avx2.cpp' | sort)
printf '%s\n' "${units[@]}" |
  xargs --max-procs="$(nproc)" --max-args=2 clang-tidy --quiet -p "$build" --extra-arg=-Wno-unknown-warning-option \
    2> >(grep -v 'warnings generated\|warning generated\|Suppressed\|Use -header-filter' >&2)
