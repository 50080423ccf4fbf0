#!/usr/bin/env bash
# Reads from the binaries of a build folder (the argument) what cmake/hardening.cmake asks for; $2 is the build's type.
set -euo pipefail
build=$1
type=$2
failed=0
binaries=("$build/bin/balse")
for module in "$build"/lib/balse/*.so; do
  [ -e "$module" ] && binaries+=("$module")
done

# expect BINARY WHAT PATTERN TEXT: TEXT has a line that PATTERN matches.
expect() {
  if ! grep -qE -- "$3" <<<"$4"; then
    echo "$1: no $2" >&2
    failed=1
  fi
}

for binary in "${binaries[@]}"; do
  headers=$(readelf --wide --program-headers "$binary")
  dynamic=$(readelf --wide --dynamic "$binary")
  symbols=$(readelf --wide --dyn-syms "$binary")
  notes=$(readelf --notes "$binary")
  expect "$binary" "position independence" "^ *Elf file type is DYN|Type:.*DYN" "$headers"
  expect "$binary" "read-only relocations" GNU_RELRO "$headers"
  expect "$binary" "binding at the start" "BIND_NOW|Flags:.*NOW" "$dynamic"
  expect "$binary" "stack that is not executable" "GNU_STACK .* RW " "$headers"
  expect "$binary" "stack protector" "__stack_chk_fail" "$symbols"
  if [ "$(uname -m)" = x86_64 ]; then
    expect "$binary" "control flow marks" "IBT, SHSTK" "$notes"
  fi
done
if [ "$type" = Release ]; then
  symbols=$(readelf --wide --dyn-syms "$build/bin/balse")
  expect "$build/bin/balse" "checked library calls" "__(memcpy|read|snprintf|fprintf|realpath|vsnprintf|pread|readlink)_chk" "$symbols"
  expect "$build/bin/balse" "standard library's assertions" "__glibcxx_assert_fail" "$symbols"
else
  # They are of the release build: here at least that its compiler is told so, and not the opposite after that.
  source=$(cd "$(dirname "$0")/../.." && pwd)
  release=$(mktemp -d)
  trap 'rm -rf "$release"' EXIT
  cmake -S "$source" -B "$release" -G Ninja -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF -DBALSE_TAGGING=OFF > "$release/log" 2>&1
  commands=$(ninja -C "$release" -t commands bin/balse)
  expect "the release build" "checked library calls" "-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2" "$commands"
  expect "the release build" "standard library's assertions" "-D_GLIBCXX_ASSERTIONS" "$commands"
  if grep -qE -- "-D_FORTIFY_SOURCE=2 .*-U_FORTIFY_SOURCE" <<<"$commands"; then
    echo "the release build: checked library calls are taken back" >&2
    failed=1
  fi
fi
[ "$failed" -eq 0 ] && echo "hardened: ${#binaries[@]} binaries"
exit "$failed"
