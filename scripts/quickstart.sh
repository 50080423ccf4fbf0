#!/usr/bin/env bash
# From a bare Debian 12 to the paper's table on the demo data: installs packages, builds, runs. Safe to run again.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/install_packages.sh
cmake --preset release -DBUILD_TESTING=OFF >/dev/null
cmake --build --preset release

echo
echo "\$ balse eval data/demo/ratings.csv --tags data/demo/tags.csv"
build/release/bin/balse eval data/demo/ratings.csv --tags data/demo/tags.csv
echo
echo "The program is $PWD/build/release/bin/balse; try: build/release/bin/balse eval --help"
