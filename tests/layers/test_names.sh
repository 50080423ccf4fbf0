#!/usr/bin/env bash
# Sources of a folder are compiled as one (cmake/unity.cmake), where a function or a constant in the unnamed namespace of
# one file would be taken by another file that means one of a header, without a word of the compiler. So its name is in no
# other file of its folder.
set -euo pipefail
cd "$(dirname "$0")/../.."

find src -name '*.cpp' ! -name '*_avx2.cpp' ! -name '*_baseline.cpp' | sort | xargs awk '
  # A name in this line, after what is before it; whether it is defined here, in an unnamed namespace.
  function note(name, before, defined_here) {
    if (before ~ /[.:>A-Za-z0-9_]$/) return
    if (defined_here) {
      defined[folder, name] = defined[folder, name] " " FILENAME
      count++
    }
    if (last[folder, name] != FILENAME) where[folder, name] = where[folder, name] " " FILENAME ":" FNR
    last[folder, name] = FILENAME
  }
  FNR == 1 { own = 0; folder = FILENAME; sub(/\/[^\/]*$/, "", folder) }
  /^\}  \/\/ namespace/ { own = 0; next }
  { gsub(/"([^"\\]|\\.)*"/, "\"\""); sub(/\/\/.*/, "") }
  /^namespace \{$/ { own = 1; next }
  # clang-format has functions begin a line; what is in braces of a namespace is not indented.
  {
    rest = $0
    while (match(rest, /k[A-Z][A-Za-z0-9]*/)) {
      before = substr(rest, 1, RSTART - 1)
      note(substr(rest, RSTART, RLENGTH), before, own && before ~ /^(inline |static )?const(expr)? / && before !~ /[=({]/)
      rest = substr(rest, RSTART + RLENGTH)
    }
    rest = $0
    first = /^[A-Za-z_[]/ && !/^(namespace|using|template|struct|class|enum|static_assert|extern|constexpr [^(]*=)/
    while (match(rest, /[A-Za-z_0-9]+(<[^;()]*>)?\(/)) {
      before = substr(rest, 1, RSTART - 1)
      name = substr(rest, RSTART, RLENGTH - 1)
      sub(/<.*/, "", name)
      note(name, before, first && own && before ~ /[ &*]$/ && before !~ /=/)
      first = 0
      rest = substr(rest, RSTART + RLENGTH)
    }
  }
  END {
    for (key in defined) {
      if (split(where[key], places, " ") > 1) {
        split(key, parts, SUBSEP)
        print parts[2] " of an unnamed namespace in" defined[key] " is a name in" where[key]
        wrong++
      }
    }
    if (count < 100) {
      print "found only " count + 0 " names"
      wrong++
    }
    if (!wrong) print count " names are in one file of their folder"
    exit wrong > 0
  }'
