#!/usr/bin/env bash
# clang-format and clang-tidy over the project's sources; the argument is a configured build folder.
set -euo pipefail
cd "$(dirname "$0")/.."
build=$1

mapfile -t sources < <(find include src tests -name '*.cpp' -o -name '*.hpp' -o -name '*.inl' | sort)
clang-format --dry-run --Werror "${sources[@]}"

# The build compiles a room's sources together; here every source has a command of its own.
alone=$build/tidy
cmake -S . -B "$alone" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_EXPORT_COMPILE_COMMANDS=ON -DCMAKE_UNITY_BUILD=OFF \
  -Wno-dev >/dev/null

scripts/tidy.py "$alone"
