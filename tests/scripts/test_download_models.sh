#!/usr/bin/env bash
# scripts/download_models.sh from a folder that stands for the release: a download that broke off goes on, what came is
# checked, and what is wrong says so. The argument is a build folder.
set -euo pipefail
build=$(cd "$1" && pwd)
source_folder=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'echo "FAILED: line $LINENO" >&2; cat "$work/log" >&2' ERR

if ! command -v curl >/dev/null; then
  echo "SKIPPED: download_models.sh: curl is not installed"
  exit 0
fi
weights=illust2vec_tag_ver200.caffemodel
mkdir "$work/release"
cp "$source_folder/models/demo/demo_tagger.caffemodel" "$work/release/$weights"
cp "$source_folder/models/demo/tag_list.json" "$work/release"
download() {
  BALSE=$build/bin/balse BALSE_MODELS=$work/models BALSE_MODELS_URL=file://$work/release \
    "$source_folder/scripts/download_models.sh" "$@" >"$work/log" 2>&1
}
# ends_with CODE WORDS ARGUMENT...: the script ends so and says so.
ends_with() {
  local code=0
  download "${@:3}" || code=$?
  [ "$code" = "$1" ] && grep -q "$2" "$work/log"
}

# A part is there already, marked in the middle, where a weight is: it is kept, and the rest is fetched.
mkdir "$work/models"
head -c 300000 "$work/release/$weights" >"$work/models/$weights.part"
printf '\1' | dd of="$work/models/$weights.part" bs=1 seek=200001 conv=notrunc status=none
download
[ "$(cmp --verbose "$work/models/$weights" "$work/release/$weights" | wc -l)" -le 1 ]
[ "$(head -c 200002 "$work/models/$weights" | tail -c 1 | od -An -tu1)" -eq 1 ]
cp "$work/release/$weights" "$work/models"

# What is not the tagger does not get its name, and the next run fetches it again.
mv "$work/models" "$work/whole"
cp "$work/release/$weights" "$work/right"
echo '<html>Please log in</html>' >"$work/release/$weights"
ends_with 65 'is not the tagger'
[ -z "$(ls "$work/models")" ]
mv "$work/right" "$work/release/$weights"
download
cmp "$work/models/$weights" "$work/release/$weights"
rm -r "$work/models"
mv "$work/whole" "$work/models"

# Whole: nothing is fetched again, and the converted weights tag.
touch -d 2001-01-01 "$work/models/$weights"
download
grep -q 'is there already' "$work/log"
[ "$(stat -c %Y "$work/models/$weights")" = "$(date -d 2001-01-01 +%s)" ]
"$build/bin/balse" synth --output "$work/drawn" --posters --users 5 --items 6 --ratings 10 --poster-share 1 2>"$work/log"
"$build/bin/balse" tag "$work/drawn/posters/0.jpg" --weights "$work/models/illust2vec.safetensors" --format jsonl \
  --threshold 0 >"$work/tags.json" 2>"$work/log"

# The numbers of a picture, right and wrong.
download "$work/drawn/posters/0.jpg" "$work/tags.json"
sed 's/"tree":[0-9.]*/"tree":2/' "$work/tags.json" >"$work/wrong.json"
ends_with 65 'probabilities differ' "$work/drawn/posters/0.jpg" "$work/wrong.json"
ends_with 64 'expected nothing, or a picture' "$work/drawn/posters/0.jpg"

# Sums: printed as sha256sum prints them, and compared with those that are known.
(cd "$work/release" && sha256sum tag_list.json "$weights") >"$work/sums"
download
grep -qxFf "$work/sums" "$work/log"
[ "$(grep -cxFf "$work/sums" "$work/log")" -eq 2 ]
grep -q 'nothing to compare its SHA-256 with' "$work/log"
export BALSE_MODELS_SHA256=$work/sums
download
[ "$(grep -c 'nothing to compare' "$work/log")" -eq 0 ]
# Another tagger that is whole: its structure says nothing.
mv "$work/models" "$work/whole"
printf '\1' | dd of="$work/release/$weights" bs=1 seek=200001 conv=notrunc status=none
ends_with 65 'found the SHA-256'
[ -z "$(ls "$work/models")" ]
# A file that was there already is refused too, and stays.
cp "$work/release/$weights" "$work/whole/tag_list.json" "$work/models"
ends_with 65 'found the SHA-256'
cmp "$work/models/$weights" "$work/release/$weights"
[ ! -e "$work/models/illust2vec.safetensors" ]
rm -r "$work/models"
mv "$work/whole" "$work/models"
echo 'no sums' >"$work/sums"
ends_with 65 'no line of'
unset BALSE_MODELS_SHA256

# What cannot be fetched leaves no file of that name.
rm -r "$work/models" "$work/release/tag_list.json"
ends_with 69 'could not be fetched'
[ ! -e "$work/models/tag_list.json" ]
echo "download_models.sh is fine"
