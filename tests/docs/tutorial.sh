#!/usr/bin/env bash
# Types a tutorial into an empty folder beside an installed Earshot, and runs what it says to run.
#
#   tutorial.sh PAGE EXAMPLE INSTALLED
#
# A block of the page follows a line <!-- FILE -->, <!-- run --> or <!-- says -->. The blocks of a file, one below the
# other, must be the file of the example; apart from the manifest they may be of 100 lines. What the commands say must have
# the lines of <!-- says -->; seconds differ.
set -euo pipefail
page=$1 example=$2 installed=$3
kMostLines=100

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "tutorial: $1" >&2
  exit 1
}

# Splits the page: each block is appended to its file below "typed", those to run to "run.sh", what they say to "says".
awk -v work="$work/" '
  BEGIN { place["run"] = work "run.sh"; place["says"] = work "says" }
  /^<!-- .* -->$/ { file = $2; next }
  /^```/ && !inside {
    inside = 1
    to = file in place ? place[file] : file == "" ? "" : work "typed/" file
    if (to != "") { folder = to; sub("/[^/]*$", "", folder); system("mkdir -p " folder) }
    next
  }
  /^```$/ { inside = 0; file = ""; next }
  inside && to != "" { print >> to }
' "$page"

lines=0
while IFS= read -r file; do
  # Blank lines between the parts of a file are the page's.
  diff -B "$example/$file" "$work/typed/$file" || fail "what the page shows of $file is not what the example has"
  [[ $file == manifest.json ]] || lines=$((lines + $(wc -l <"$work/typed/$file")))
done < <(cd "$work/typed" && find . -type f -printf '%P\n')
((lines <= kMostLines)) || fail "its author writes $lines lines, $kMostLines are allowed"
grep -q "takes $lines lines besides the manifest" "$page" ||
  fail "its author writes $lines lines besides the manifest; the page says otherwise"

# The page's own place for what is installed stands for a copy, which no build tree is near and step 8 may write to.
mkdir "$work/opt"
cp -r "$installed" "$work/opt/earshot"
sed -i "s|/opt/earshot|$work/opt/earshot|g" "$work/run.sh"
mv "$work/typed" "$work/murmur"
cd "$work/murmur"
env -i HOME="$work" PATH="$PATH" sh -eux "$work/run.sh" 2>&1 | tee "$work/said"

plain() { sed -E 's/[0-9]+\.[0-9]+/N/g; s/ +/ /g' "$1"; }
plain "$work/said" >"$work/said.plain"
while IFS= read -r line; do
  grep -qxF -- "$line" "$work/said.plain" || fail "no command says '$line', as the page has it"
done < <(plain "$work/says")
