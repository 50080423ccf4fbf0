#!/usr/bin/env bash
# Writes the report of made-up results and opens its page in Chromium: tests/report/test_page.sh PATH_OF_SAMPLE_REPORT [FOLDER]
# What is checked is in check_page.py. With a FOLDER, report and screenshots are left there to be looked at.
set -euo pipefail
sample=$(realpath "${1:?usage: test_page.sh PATH_OF_SAMPLE_REPORT [FOLDER]}")
here=$(cd "$(dirname "$0")" && pwd)
python=/usr/bin/python3

missing=()
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
[ -n "$browser" ] || missing+=(chromium)
command -v gnuplot >/dev/null || missing+=(gnuplot)
[ -x "$python" ] || missing+=(python3)
if [ "${#missing[@]}" -gt 0 ]; then
  echo "SKIPPED: the page of a report needs ${missing[*]} to be looked at"
  exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

wrong=0
complain() {
  echo "$1" >&2
  wrong=$((wrong + 1))
}

"$sample" report > said
# The same results give the same bytes.
"$sample" again > /dev/null
diff -r report again || complain "two reports of the same results differ"

# Nothing that data said was obeyed by gnuplot's process, or is markup.
[ "$(ls)" = $'again\nreport\nsaid' ] || complain "there are other files: $(ls)"
csv=$(find report/figures -name '*.csv' | wc -l)
for type in svg png; do
  found=$(find report/figures -name "*.$type" | wc -l)
  [ "$found" -eq "$csv" ] || complain "$csv figures have data, and $found are drawn as $type: $(cat said)"
done
inlined=$(grep -o '<svg ' report/index.html | wc -l)
[ "$inlined" -eq "$csv" ] || complain "$csv figures have data, and $inlined are in the page"
[ "$csv" -ge 18 ] || complain "only $csv figures"
$python -c 'import sys, xml.dom.minidom
for path in sys.argv[1:]: xml.dom.minidom.parse(path)' report/figures/*.svg || complain "an SVG is not well-formed"

timeout 300 "$python" "$here/check_page.py" "$browser" report/index.html ${2:+"$2"} || complain "the page has faults"

# Without gnuplot the page has tables in the figures' places, and no pictures of before.
mkdir bin
PATH=$work/bin "$sample" report > said
grep -q 'gnuplot is not installed' said || complain "without gnuplot: $(cat said)"
[ -z "$(find report/figures -name '*.svg' -o -name '*.png')" ] || complain "without gnuplot: pictures are left"
timeout 300 "$python" "$here/check_page.py" "$browser" report/index.html || complain "the page without figures has faults"

if [ -n "${2:-}" ]; then
  cp -r again "$2/report"
fi
echo "$csv figures, $wrong faults"
[ "$wrong" -eq 0 ]
