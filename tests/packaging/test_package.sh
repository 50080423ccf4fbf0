#!/usr/bin/env bash
# Makes the Debian package of a build folder, unpacks it into a temporary folder, and checks what is in it: that the
# program runs, that every command has a man page which renders without warnings, that the completions complete.
#   tests/packaging/test_package.sh build/dev
set -euo pipefail
build=$(cd "$1" && pwd)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'echo "FAILED: line $LINENO" >&2' ERR

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

skip() {
  echo "SKIPPED: $*"
}

if ! command -v dpkg-shlibdeps >/dev/null || ! command -v file >/dev/null; then
  skip "the package: dpkg-dev or file is not installed (scripts/install_packages.sh --package)"
  exit 0
fi

# The package.
cpack --config "$build/CPackConfig.cmake" -G DEB -B "$folder/cpack" >"$folder/cpack.log" 2>&1 ||
  { cat "$folder/cpack.log" >&2; fail "cpack"; }
packages=("$folder"/cpack/*.deb)
[ "${#packages[@]}" -eq 1 ] && [ -f "${packages[0]}" ] || fail "cpack made no single package: ${packages[*]}"
package=${packages[0]}
[ "$(dpkg-deb --field "$package" Package)" = balse ] || fail "the package is not called balse"
depends=$(dpkg-deb -I "$package" | sed -n 's/^ Depends: //p')
[[ $depends == *libc6\ * && $depends == *libstdc++6* ]] || fail "the package does not name its libraries: $depends"

# The program in it.
dpkg-deb -x "$package" "$folder/root"
balse=$folder/root/usr/bin/balse
version=$(dpkg-deb --field "$package" Version)
[ "$("$balse" --version)" = "balse $version" ] || fail "--version is not that of the package, $version"
# The parts that are loaded on demand are found beside it, and what they need is named.
if [ -d "$build/lib/balse" ]; then
  [[ $depends == *libtorch* && $depends == *libopencv-imgcodecs* && $depends == *libheif* ]] || fail "the package does not name libraries of tag: $depends"
  demo=$(cd "$(dirname "$0")/../../models/demo" && pwd)
  "$balse" synth --output "$folder/drawn" --posters --users 5 --items 6 --ratings 10 --poster-share 1 2>/dev/null
  "$balse" tag "$folder/drawn/posters" --weights "$demo/demo_tagger.caffemodel" >"$folder/tags.csv" 2>/dev/null
  grep -q '^0,.*,0\.' "$folder/tags.csv" || fail "the packaged program does not tag"
fi
for name in copyright README.md; do
  [ -s "$folder/root/usr/share/doc/balse/$name" ] || fail "no /usr/share/doc/balse/$name"
done

# The nightly job is there, and off until somebody enables it.
units=$folder/root/usr/lib/systemd/system
for name in "$units/balse-fit.service" "$units/balse-fit.timer" "$folder/root/usr/lib/sysusers.d/balse.conf"; do
  [ -s "$name" ] || fail "no ${name#"$folder/root"}"
done
dpkg-deb -e "$package" "$folder/control"
! grep -E "systemctl|deb-systemd|sysusers|adduser" "$folder"/control/{preinst,postinst,triggers} 2>/dev/null || fail "the package begins things when it is installed"
[ -z "$(find "$folder/root" -name '*.wants')" ] || fail "the package enables units"
if command -v systemd-analyze >/dev/null; then
  # Of the units alone: what they are started after is not in the package.
  said=$(systemd-analyze verify --man=no --recursive-errors=no --root="$folder/root" \
    "$units/balse-fit.service" "$units/balse-fit.timer" 2>&1) || fail "systemd does not accept the units: $said"
  exposure=$(systemd-analyze security --offline=true --root="$folder/root" balse-fit.service 2>/dev/null |
    sed -n 's/.*exposure level for balse-fit.service: \([0-9.]*\).*/\1/p')
  [ -z "$exposure" ] || awk -v exposure="$exposure" 'BEGIN { exit exposure < 2 ? 0 : 1 }' ||
    fail "the service is exposed: $exposure of 10"
else
  skip "reading the units: there is no systemd-analyze"
fi

# A page for each command, and none besides.
pages=$folder/root/usr/share/man/man1
mapfile -t commands < <("$balse" --help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z][a-z-]*\) .*/\1/p')
[ "${#commands[@]}" -gt 0 ] || fail "balse --help lists no commands"
expected=$(printf '%s\n' balse.1.gz "${commands[@]/#/balse-}" | sed '/^balse-/s/$/.1.gz/' | sort)
found=$(ls "$pages" | sort)
[ "$found" = "$expected" ] || fail "man pages are $found; expected $expected"

# renders NAME COMMAND...: the command shows every page, and prints nothing on stderr.
renders() {
  local name=$1 page warnings
  shift
  for page in "$pages"/*.gz; do
    gzip -dc "$page" >"$folder/page.1"
    warnings=$("$@" "$folder/page.1" 2>&1 >"$folder/page.txt") || fail "$name cannot show ${page##*/}: $warnings"
    [ -z "$warnings" ] || fail "$name warns of ${page##*/}: $warnings"
    grep -q . "$folder/page.txt" || fail "$name shows nothing of ${page##*/}"
  done
}

# mandoc asks for a date, which our pages leave out so that every build makes the same bytes.
mandoc_lint() {
  mandoc -T lint -W warning "$1" | grep -v 'missing date' >&2 || true
  echo "linted"
}

rendered=false
if command -v groff >/dev/null; then
  renders groff groff -man -Tutf8 -ww
  rendered=true
fi
if command -v mandoc >/dev/null; then
  renders mandoc mandoc_lint
  rendered=true
fi
$rendered || skip "showing the man pages: neither groff nor mandoc is installed"

# Bash's completion, called as bash calls it.
bash_completion=$folder/root/usr/share/bash-completion/completions/balse
bash -n "$bash_completion"
# shellcheck source=/dev/null
source "$bash_completion"
compopt() { :; } # bash has it only while it completes

# completes WORDS... -- EXPECTED...: after the words, the last of which is being typed.
completes() {
  local -a typed=() expected=()
  while [ "$1" != -- ]; do
    typed+=("$1")
    shift
  done
  shift
  expected=("$@")
  COMP_WORDS=("${typed[@]}")
  COMP_CWORD=$((${#typed[@]} - 1))
  _balse
  [ "${COMPREPLY[*]}" = "${expected[*]}" ] ||
    fail "bash completes '${typed[*]}' with '${COMPREPLY[*]}'; expected '${expected[*]}'"
}

completes balse ev -- eval
completes balse --ver -- --version
completes balse eval --gate '' -- optimum descent by-count
completes balse eval --gate d -- descent
completes balse eval --gate = -- optimum descent by-count
completes balse eval --gate = o -- optimum
completes balse eval --skip -- --skip-bad-rows
completes balse eval --rank '' --
completes balse synth --numer -- --numeric
cd "$folder"
mkdir files
touch 'files/rated by me.csv'
completes balse eval files/ra -- 'files/rated by me.csv'
completes balse eval x --tags files/ra -- 'files/rated by me.csv'
completes balse synth --output fil -- files

# The other shells' only where they are.
for shell in zsh fish; do
  file=$folder/root/usr/share/zsh/vendor-completions/_balse
  [ "$shell" = zsh ] || file=$folder/root/usr/share/fish/vendor_completions.d/balse.fish
  grep -q optimum "$file" || fail "$file does not know the words of --gate"
  if command -v "$shell" >/dev/null; then
    "$shell" -n "$file" || fail "$shell does not accept ${file##*/}"
  else
    skip "reading the completions of $shell: it is not installed"
  fi
done
echo "${package##*/} is fine"
