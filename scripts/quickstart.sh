#!/usr/bin/env bash
# From a bare Debian 12 to the paper's table, from posters on: installs packages, builds, draws, tags, evaluates. Safe to run again.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/install_packages.sh
cmake --preset release -DBUILD_TESTING=OFF >/dev/null
cmake --build --preset release

show() {
  echo
  echo "\$ balse $*"
  build/release/bin/balse "$@"
}
# The whole paper on made-up works: draw their posters, look at them with the demo network, evaluate. The network saw
# what makes the works liked, so BALSE beats ALS on those that nobody has rated.
show synth --output build/demo --force --posters --users 300 --items 900 --ratings 11500 --content 0.95 --poster-share 0.95 --seed 42
show tag build/demo/posters --weights models/demo/demo_tagger.caffemodel --output build/demo/tags.csv
show eval build/demo/ratings.csv --tags build/demo/tags.csv
echo
echo "The program is $PWD/build/release/bin/balse; try: build/release/bin/balse tag --help"
