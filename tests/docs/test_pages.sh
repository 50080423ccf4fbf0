#!/usr/bin/env bash
# Checks the pages against the repository and the program: tests/docs/test_pages.sh PATH_OF_BALSE
#   README.md is short; links, anchors and paths lead somewhere; options exist; blocks that are marked are run.
# What a page marks, in its order, in a folder of its own with the demo data:
#   ```sh, ```crontab   run; must end with 0 and say no error (the crontab's command twice: the first night and the next)
#   ```python           run, all blocks of the page so far as one program (SKIPPED without numpy where it uses that)
#   <!-- output of: COMMAND -->   before a block: what COMMAND prints; "python" is the page's python. Several may precede one block.
#   <!-- needs: tag -->           from here on the page is run only where balse tag's modules lie beside the program
set -euo pipefail
balse=$(realpath "${1:?usage: test_pages.sh PATH_OF_BALSE}")
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
ln -s "$balse" "$work/bin/balse"
export PATH=$work/bin:$PATH
python=/usr/bin/python3

# Pages that are being written.
coming=" "

wrong=0
# complain PLACE WHAT
complain() {
  echo "$1: $2" >&2
  wrong=$((wrong + 1))
}

pages=(*.md docs/*.md data/demo/*.md models/demo/*.md)

lines=$(wc -l < README.md)
[ "$lines" -lt 120 ] || complain README.md "has $lines lines; expected fewer than 120"

# Of a page: its lines as "NUMBER<TAB>KIND<TAB>TEXT", KIND being text, or code within fences.
lines_of() {
  awk '/^ *```/ { fenced = !fenced; next } { printf "%d\t%s\t%s\n", FNR, fenced ? "code" : "text", $0 }' "$1"
}

# The anchors of a page's headings, as GitHub makes them.
anchors_of() {
  lines_of "$1" | awk -F '\t' '$2 == "text" && $3 ~ /^#+ / {
    text = tolower($3); sub(/^#+ +/, "", text); gsub(/\]\([^)]*\)/, "", text); gsub(/[^a-z0-9 _-]/, "", text); gsub(/ /, "-", text)
    print text (seen[text]++ ? "-" (seen[text] - 1) : "") }'
}

# --- Links, and paths in `code`, lead somewhere.
check_link() {  # PAGE LINE TARGET
  local page=$1 line=$2 target=$3 file anchor=
  case $target in http://* | https://* | mailto:*) return ;; esac
  [[ $target == *"#"* ]] && anchor=${target#*#}
  file=${target%%#*}
  file=$(realpath -m --relative-to="$root" "$(dirname "$page")/${file:-$(basename "$page")}")
  if [ ! -e "$file" ]; then
    [[ $coming == *" $file "* ]] || complain "$page:$line" "links to $target, which is not there"
  elif [ -n "$anchor" ] && ! anchors_of "$file" | grep -qxF -- "$anchor"; then
    complain "$page:$line" "links to $target, and $file has no such heading"
  fi
}
check_path() {  # PAGE LINE TEXT
  if ! compgen -G "$3" > /dev/null && [[ $coming != *" $3 "* ]]; then
    complain "$1:$2" "names $3, which is not there"
  fi
}
for page in "${pages[@]}"; do
  while IFS=$'\t' read -r line target; do
    check_link "$page" "$line" "$target"
  done < <(lines_of "$page" | awk -F '\t' '$2 == "text" { text = $3; gsub(/`[^`]*`/, "", text)
    while (match(text, /\]\([^) ]+\)/)) {
      print $1 "\t" substr(text, RSTART + 2, RLENGTH - 3); text = substr(text, RSTART + RLENGTH) } }')
  # What the changelog names may be gone by now.
  [ "$page" != CHANGELOG.md ] || continue
  while IFS=$'\t' read -r line path; do
    check_path "$page" "$line" "$path"
  done < <(lines_of "$page" | awk -F '\t' '{ text = $3
    while (match(text, /(^|[ `(])(src|include|tests|scripts|cmake|docs)\/[A-Za-z0-9_.*\/-]+/)) {
      path = substr(text, RSTART, RLENGTH); sub(/^[ `(]/, "", path); sub(/\.$/, "", path)
      print $1 "\t" path; text = substr(text, RSTART + RLENGTH) } }')
done

# --- Options exist. Those of other programs count on lines that call these.
mapfile -t commands < <(balse --help | awk '/^Subcommands:/ { on = 1; next } on && NF == 0 { exit } on && /^  [a-z]/ { print $1 }')
[ "${#commands[@]}" -ge 8 ] || complain balse "--help lists only ${#commands[@]} commands"
options_in() { grep -oE -- '--[a-z][a-z0-9-]*' | sort -u; }
declare -A known
for command in "${commands[@]}"; do
  known[$command]=" $(balse "$command" --help | grep -E '^ {2}(-[A-Za-z],)?--' | sed -E 's/^ *([-,A-Za-z0-9]+).*/\1/' | tr ',\n' '  ') "
done
anywhere=" --version ${known[*]}"
others() {  # LINE: options that a program named on it has
  local line=$1
  [[ $line != *cmake* ]] || echo "--preset --build --install --target"
  [[ $line != *ctest* ]] || echo "--preset"
  [[ $line != *install_packages.sh* ]] || echo "--test --package"
  [[ $line != *train_demo_tagger* ]] || echo "--output --images --epochs"
}
# All lines of a page, those that end in a backslash with the next; of the changelog what is not yet released.
joined() {
  lines_of "$1" | if [ "$1" = CHANGELOG.md ]; then awk -F '\t' '$3 ~ /^## / { on = $3 ~ /Unreleased/ } on'; else cat; fi |
    awk -F '\t' '{ if (held != "") { held = held " " $3 } else { number = $1; kind = $2; held = $3 }
      if (held ~ /\\$/) { sub(/\\$/, "", held); next } printf "%s\t%s\t%s\n", number, kind, held; held = "" }'
}
for page in "${pages[@]}"; do
  while IFS=$'\t' read -r line kind text; do
    [[ $text == *--* ]] || continue
    foreign=" $(others "$text" | tr '\n' ' ') "
    for option in $(options_in <<< "$text"); do
      [[ "$anywhere$foreign" == *" $option "* ]] || complain "$page:$line" "names $option, which no command of balse has"
    done
    # In code a command must have the option itself.
    while read -r call; do
      read -r _ command _ <<< "$call"
      [ -n "${known[${command:-none}]:-}" ] || continue
      for option in $(options_in <<< "$call"); do
        [[ ${known[$command]} == *" $option "* ]] || complain "$page:$line" "balse $command has no option $option"
      done
    done < <(if [ "$kind" = code ]; then echo "$text"; else grep -oE '`[^`]+`' <<< "$text" | tr -d '`' || true; fi |
      sed -E 's/(\||&&|\|\||;|<!--|-->)/\n/g' | grep -oE '\bbalse [a-z]+.*' || true)
  done < <(joined "$page")
done

# --- What the pages mark is run.
has_tag=false
if [ -e "$(dirname "$balse")/../lib/balse/balse_inference.so" ]; then
  has_tag=true
fi
has_numpy=false
if "$python" -c 'import numpy' 2> /dev/null; then
  has_numpy=true
fi
can_run() { $has_numpy || ! grep -q numpy "$1"; }
# Figures that a processor's rounding may change; nobody compares them.
rounded() { sed -E 's|(duality gap / objective) [0-9.e+-]+|\1 ...|'; }

outputs=0
# run_blocks PAGE: the page cut into files NUMBER.KIND (sh, crontab, python, output) and NUMBER.commands, then run.
run_blocks() {
  local page=$1 name number kind site code
  local folder=$work/blocks.${page//\//.}
  site=$work/site.${page//\//.}
  mkdir -p "$folder" "$site"
  awk -v folder="$folder" '
    function close_block() { close(file); file = "" }
    /^<!-- needs: tag -->$/ { printf "" > (folder "/" sprintf("%04d", FNR) ".needs"); next }
    /^<!-- output of: .* -->$/ { sub(/^<!-- output of: /, ""); sub(/ -->$/, ""); commands = commands $0 "\n"; next }
    /^```/ && file == "" && !fenced {
      fenced = 1; language = substr($0, 4); base = folder "/" sprintf("%04d", FNR)
      if (commands != "") { printf "%s", commands > (base ".commands"); close(base ".commands"); file = base ".output"; commands = "" }
      else if (language ~ /^(sh|crontab|python)$/) file = base "." language
      if (file != "") printf "" > file
      next }
    /^```/ { fenced = 0; if (file != "") close_block(); next }
    commands != "" && NF { printf "%d: no block follows the comment on an output\n", FNR > "/dev/stderr"; commands = "" }
    file != "" { print > file }' "$page" 2> "$folder/problems"
  [ ! -s "$folder/problems" ] || complain "$page" "$(cat "$folder/problems")"

  ln -s "$root/data" "$root/models" "$site"
  cp data/demo/{ratings,tags,works}.csv "$site"
  printf 'user,item\n10,42\n10,43\nnobody,42\n' > "$site/pairs.csv"
  gzip -k "$site/pairs.csv"
  shopt -s nullglob
  for name in "$folder"/*.*; do
    name=${name##*/}
    number=$((10#${name%%.*}))
    kind=${name##*.}
    case $kind in
      needs)
        if ! $has_tag; then
          echo "SKIPPED: what $page says from line $number on needs the modules of balse tag"
          return
        fi ;;
      sh)
        if ! (cd "$site" && bash -eo pipefail "$folder/$name") > "$work/out" 2> "$work/err" || grep -q 'balse: error' "$work/err"; then
          complain "$page:$number" "the commands fail: $(cat "$work/err")"
        fi ;;
      crontab)
        sed -E "s/^([^ ]+ ){5}//; s|/srv/site|$site|" "$folder/$name" > "$work/cron.sh"
        rm -f "$site/site.balse.safetensors"
        for night in first second; do
          code=0
          sh "$work/cron.sh" > "$work/out" 2> "$work/err" || code=$?
          if [ "$code" -ne 0 ] || [ -s "$work/out" ] || [ ! -s "$site/site.balse.safetensors" ]; then
            complain "$page:$number" "the $night night ends with $code and says: $(cat "$work/out" "$work/err")"
          fi
        done
        # A bad night sends mail and leaves the model.
        cp "$site/ratings.csv" "$work/ratings.csv"
        printf 'user,item,rating\n1,2,\n' > "$site/ratings.csv"
        sh "$work/cron.sh" > "$work/out" 2>&1 || true
        grep -q 'ratings.csv:2:' "$work/out" || complain "$page:$number" "a bad night sends no mail"
        (cd "$site" && balse info site.balse.safetensors) > /dev/null || complain "$page:$number" "a bad night leaves no model"
        cp "$work/ratings.csv" "$site/ratings.csv" ;;
      python)
        cat "$folder/$name" >> "$site/page.py" ;;
      output)
        while IFS= read -r command; do
          if [ "$command" = python ]; then
            if ! can_run "$site/page.py"; then
              echo "SKIPPED: the Python of $page needs python3-numpy"
              continue
            fi
            command="$python page.py"
          fi
          outputs=$((outputs + 1))
          if ! (cd "$site" && bash -eo pipefail -c "$command") > "$work/out" 2> "$work/err"; then
            complain "$page:$number" "$command fails: $(cat "$work/err")"
          elif ! diff <(rounded < "$folder/$name") <(rounded < "$work/out") > "$work/diff"; then
            complain "$page:$number" "$command prints something else (< the page, > the program):"
            cat "$work/diff" >&2
          fi
        done < "$folder/${name%.*}.commands" ;;
    esac
  done
  # Python after the last output that is compared.
  if [ -e "$site/page.py" ] && can_run "$site/page.py"; then
    (cd "$site" && "$python" page.py) > /dev/null 2> "$work/err" || complain "$page" "the Python fails: $(tail -n 1 "$work/err")"
  fi
}
for page in README.md docs/*.md; do
  run_blocks "$page"
done
[ "$outputs" -ge 3 ] || complain README.md "only $outputs outputs are marked; expected the table, a recommendation and an explanation"
for sample in 'balse eval ' 'balse recommend ' 'balse explain '; do
  grep -qF -- "<!-- output of: $sample" README.md || complain README.md "shows no output of $sample"
done

if [ "$wrong" -gt 0 ]; then
  echo "$wrong things are wrong with the pages" >&2
  exit 1
fi
echo "${#pages[@]} pages are right; $outputs outputs are what the program prints"
