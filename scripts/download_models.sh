#!/usr/bin/env bash
# Fetches the published Illustration2Vec tagger (180 MB) and its tag list into models/, goes on where an earlier try
# stopped, and checks what came:
#   scripts/download_models.sh                                   structure and sizes
#   scripts/download_models.sh miku.jpg miku_reference.json      and the probabilities of a picture, as balse tag --verify
# It prints the SHA-256 of both files as sha256sum does. BALSE_MODELS_SHA256 is a file of such lines that they must have,
# from an earlier download or from somebody you trust; what differs is refused.
# BALSE_MODELS_URL and BALSE_MODELS are where from and where to. The weights are their authors' (MIT licence):
# M. Saito and Y. Matsui, "Illustration2Vec: A Semantic Vector Representation of Illustrations", 2015.
set -euo pipefail
url=${BALSE_MODELS_URL:-https://github.com/rezoo/illustration2vec/releases/download/v2.0.0}
here=$(cd "$(dirname "$0")/.." && pwd)
folder=${BALSE_MODELS:-$here/models}
weights=illust2vec_tag_ver200.caffemodel
# The place of the published files' sums: their authors give none, and what is empty is not compared.
declare -A sums=([tag_list.json]="" [$weights]="")

if [ $# -ne 0 ] && [ $# -ne 2 ]; then
  echo "download_models.sh: expected nothing, or a picture and a JSON file of its probabilities" >&2
  exit 64
fi
balse=${BALSE:-$here/build/release/bin/balse}
if [ ! -x "$balse" ]; then
  balse=$(command -v balse) || {
    echo "download_models.sh: no balse to check the files with; run scripts/quickstart.sh first" >&2
    exit 69
  }
fi
if ! command -v curl >/dev/null; then
  echo "download_models.sh: curl is not installed; try: apt-get install curl" >&2
  exit 69
fi
if [ -n "${BALSE_MODELS_SHA256:-}" ]; then
  for name in "${!sums[@]}"; do
    sums[$name]=$(sed -n "s/^\([0-9a-f]\{64\}\) [ *]$name\$/\1/p" "$BALSE_MODELS_SHA256" | head -n 1) || exit 66
    if [ -z "${sums[$name]}" ]; then
      echo "download_models.sh: $BALSE_MODELS_SHA256: no line of $name; expected what sha256sum prints" >&2
      exit 65
    fi
  done
fi

mkdir -p "$folder"
# fetch NAME: to NAME.part, going on where an earlier try stopped.
fetch() {
  curl --fail --location --retry 5 --continue-at - --output "$folder/$1.part" "$url/$1" || {
    code=$?
    echo "download_models.sh: $url/$1 could not be fetched (curl ended with $code); run this again to go on" >&2
    exit 69
  }
}
fetched=()
for name in tag_list.json "$weights"; do
  if [ -s "$folder/$name" ]; then
    echo "$folder/$name is there already" >&2
  else
    fetch "$name"
    fetched+=("$name")
  fi
done
# What is half fetched or not yet checked never has the name of a whole file.
path_of() {
  if [ -s "$folder/$1" ]; then echo "$folder/$1"; else echo "$folder/$1.part"; fi
}

# refuse CODE WHY: nothing that came stays, so that the next run fetches it again; what was there already does.
refuse() {
  for name in "${fetched[@]}"; do
    rm -f "$folder/$name.part"
  done
  echo "download_models.sh: $2; what came was removed" >&2
  exit "$1"
}
for name in tag_list.json "$weights"; do
  sum=$(sha256sum <"$(path_of "$name")")
  sum=${sum%% *}
  echo "$sum  $name"
  if [ -z "${sums[$name]}" ]; then
    echo "$name: nothing to compare its SHA-256 with (BALSE_MODELS_SHA256)" >&2
  elif [ "$sum" != "${sums[$name]}" ]; then
    refuse 65 "$(path_of "$name"): found the SHA-256 $sum; expected ${sums[$name]}"
  fi
done

# Reads every layer, compares shapes with the topology and the tag list, and leaves a form that loads faster.
"$balse" tag --weights "$(path_of "$weights")" --tags "$(path_of tag_list.json)" \
  --convert "$folder/illust2vec.safetensors" || {
  refuse $? "what is in $folder or came from $url is not the tagger"
}
for name in "${fetched[@]}"; do
  mv "$folder/$name.part" "$folder/$name"
done
if [ $# -eq 2 ]; then
  "$balse" tag --weights "$folder/illust2vec.safetensors" --verify "$2" "$1"
else
  echo "The files are whole. For the numbers: scripts/download_models.sh PICTURE PROBABILITIES.json" >&2
fi
echo "Now: balse tag posters --weights $folder/illust2vec.safetensors --update tags.csv" >&2
