#!/usr/bin/env bash
# Fetches ONNX Runtime, which runs .onnx taggers, from npm's registry: of the package onnxruntime-node the one library, 45 MB,
# and its licence. Safe to run again.
#   scripts/install_onnxruntime.sh [FOLDER]    into FOLDER instead of ~/.local/lib, where balse tag looks by itself
# BALSE_ONNXRUNTIME_VERSION (1.30.0) is which; BALSE_NPM_REGISTRY where from. With BALSE_ONNXRUNTIME_SHA512 (as npm says it,
# base64) nothing else is taken than the package of this sum; otherwise the registry's own sum is what it is checked against.
set -euo pipefail

folder=${1:-$HOME/.local/lib}
version=${BALSE_ONNXRUNTIME_VERSION:-1.30.0}
registry=${BALSE_NPM_REGISTRY:-https://registry.npmjs.org}

fail() {
  echo "install_onnxruntime.sh: $1" >&2
  exit "${2:-69}"
}

case $(uname -s)-$(uname -m) in
  Linux-x86_64) machine=x64 ;;
  Linux-aarch64) machine=arm64 ;;
  *) fail "npm has no ONNX Runtime for $(uname -s) on $(uname -m); give yours by balse tag --onnxruntime PATH" ;;
esac
library=$folder/libonnxruntime.so.1
if [ -s "$library" ] && [ "$(cat "$folder/onnxruntime.version" 2>/dev/null)" = "$version" ]; then
  echo "$library"
  exit 0
fi
for tool in curl openssl tar; do
  command -v "$tool" >/dev/null || fail "$tool is missing; install it (apt-get install $tool)"
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
package=onnxruntime-node
curl --fail --silent --show-error --location --retry 3 -o "$work/about.json" "$registry/$package/$version" ||
  fail "$registry does not tell of $package $version; try again later, or BALSE_NPM_REGISTRY"
published=$(grep -o '"integrity": *"sha512-[^"]*"' "$work/about.json" | head -1 | cut -d- -f2 | tr -d '"' || true)
wanted=${BALSE_ONNXRUNTIME_SHA512:-$published}
[ -n "$wanted" ] || fail "$registry publishes no sum of $package $version"
curl --fail --silent --show-error --location --retry 3 -o "$work/package.tgz" "$registry/$package/-/$package-$version.tgz" ||
  fail "$package $version cannot be fetched from $registry; try again later"
found=$(openssl dgst -sha512 -binary "$work/package.tgz" | openssl base64 -A)
[ "$found" = "$wanted" ] || fail "the package has the SHA-512 $found, and should have $wanted" 65
tar -xzf "$work/package.tgz" -C "$work" --wildcards "package/bin/*/linux/$machine/libonnxruntime.so.1" "package/README.md" ||
  fail "$package $version holds no library for $machine" 65

mkdir -p "$folder"
mv "$work"/package/bin/*/linux/"$machine"/libonnxruntime.so.1 "$folder/onnxruntime.new"
mv "$folder/onnxruntime.new" "$library"  # whoever has the old one open keeps it
echo "$version" > "$folder/onnxruntime.version"
echo "$library"
