# What the benchmark scripts share: sourced, not run. Sets $data, $rounds, $python and has build TARGET....
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
data=${BALSE_SHARED:-../shared}/reference/mangaki-shaped
rounds=${ROUNDS:-5}
python=${PYTHON:-/usr/bin/python3}
export OPENBLAS_NUM_THREADS=1 PYTHONWARNINGS=ignore

build() {
  cmake --preset release -DBUILD_TESTING=ON >/dev/null
  cmake --build --preset release --target "$@" >/dev/null
}

# The median of FIELD in the lines FIELD=number of a file.
median() {
  sed -n "s/.*\b$1=\([^ ]*\).*/\1/p" "$2" | sort -g |
    awk '{ x[NR] = $1 } END { print NR % 2 ? x[(NR + 1) / 2] : (x[NR / 2] + x[NR / 2 + 1]) / 2 }'
}

ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }
