#!/usr/bin/env bash
# Installs what building balse needs on Debian 12, with --package also what packing it needs, with --test also what
# checking it needs; safe to run again.
# Asks apt only where something is missing, and goes through sudo where it is not root.
set -euo pipefail

packages=(g++ cmake ninja-build pkg-config libeigen3-dev libcli11-dev libspdlog-dev nlohmann-json3-dev
          zlib1g-dev libzstd-dev liblzma-dev libzip-dev nettle-dev libpugixml-dev libxxhash-dev libboost-dev catch2
          libopencv-core-dev libopencv-imgproc-dev libopencv-imgcodecs-dev libopencv-dnn-dev libjpeg62-turbo-dev libpng-dev libwebp-dev
          libgif-dev libtiff-dev libheif-dev libdav1d-dev libde265-dev
          libtorch-dev libdnnl-dev libseccomp-dev)
if [ "${1:-}" = "--package" ] || [ "${1:-}" = "--test" ]; then
  packages+=(dpkg-dev file)
fi
if [ "${1:-}" = "--test" ]; then
  # groff-base shows the man pages. clang is for clang-tidy and for the thread sanitizer; libc++ is for clang-tidy
  # (check_style.sh), python3-pil for pictures to compare with, curl and openssl for what scripts fetch, gnuplot
  # and chromium for the page of a report.
  packages+=(groff-base clang-format clang-tidy clang libclang-rt-dev libc++-dev libc++abi-dev python3-numpy python3-pil curl
             openssl gnuplot-nox chromium)
fi

missing=()
for package in "${packages[@]}"; do
  if ! dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null | grep -q '^installed$'; then
    missing+=("$package")
  fi
done
if [ "${#missing[@]}" -eq 0 ]; then
  exit 0
fi
if ! command -v apt-get >/dev/null; then
  echo "install_packages.sh: this is no Debian; install by hand: ${missing[*]}" >&2
  exit 69
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  as_root=(sudo)
fi
echo "Installing ${missing[*]}" >&2
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
