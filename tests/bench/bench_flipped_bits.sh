#!/usr/bin/env bash
# What balse predict makes of a damaged model: FLIPS (400) copies of a small model, each with another bit flipped, all
# users x items predicted from each. Prints how many were refused, and how many told other numbers with exit code 0. The
# path of another balse as argument is tried as well, with the model that it fits and as many bits of it. SEED (1) chooses
# the bits, PROGRAM may name another balse than the one built here. Needs python3.
other=${1:+$(realpath "$1")}
program=${PROGRAM:+$(realpath "$PROGRAM")}
source "$(dirname "$0")/common.sh"
if [ -z "$program" ]; then
  build balse
  program=build/release/bin/balse
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$program" synth --output "$work" --users 60 --items 80 --ratings 2000 2> /dev/null
try() {
  "$2" fit "$work/ratings.csv" --tags "$work/tags.csv" --model "$work/model" 2> /dev/null
  "$python" - "$1" "$2" "$work" "${FLIPS:-400}" "${SEED:-1}" <<'END_OF_PYTHON'
import collections
import csv
import math
import random
import subprocess
import sys

name, program, work, flips, seed = *sys.argv[1:4], int(sys.argv[4]), int(sys.argv[5])
with open(work + "/ratings.csv") as file:
    rated = list(csv.DictReader(file))
with open(work + "/pairs.csv", "w") as file:
    items = sorted({row["item"] for row in rated})
    print("user,item", *(f"{user},{item}" for user in sorted({row["user"] for row in rated}) for item in items),
          sep="\n", file=file)


def predict(model):
    return subprocess.run([program, "predict", "--model", model, work + "/pairs.csv"], capture_output=True)


def kind_of(run):
    if run.returncode < 0 or run.returncode == 70:
        return "ended by a signal or an internal error"
    if run.returncode != 0:
        return "refused"
    if run.stdout == intact.stdout:
        return "same numbers"
    last_fields = [line.rsplit(",", 1)[-1] for line in run.stdout.decode(errors="replace").splitlines()[1:]]
    try:
        finite = all(math.isfinite(float(field)) for field in last_fields)
    except ValueError:
        finite = False
    return "other numbers, exit code 0" if finite else "nan, inf or no number, exit code 0"


intact = predict(work + "/model")
assert intact.returncode == 0, intact.stderr
model = open(work + "/model", "rb").read()
count = collections.Counter()
for bit in random.Random(seed).sample(range(8 * len(model)), flips):
    damaged = bytearray(model)
    damaged[bit // 8] ^= 1 << bit % 8
    with open(work + "/damaged", "wb") as file:
        file.write(damaged)
    count[kind_of(predict(work + "/damaged"))] += 1
print(f"{name}: {flips} flipped bits of {len(model)} bytes:", "; ".join(f"{n} {kind}" for kind, n in count.most_common()))
END_OF_PYTHON
}
if [ -n "$other" ]; then
  try other "$other"
fi
try balse "$program"
