#!/usr/bin/env bash
# Types a tutorial into an empty folder with only the installed SDK, and runs what it says to run.
#
#   tutorial.sh PAGE EXAMPLE BUILD PROGRAM
#
# A block of the page follows a line <!-- FILE --> or <!-- run -->. The blocks of a file, one below the other, must be the
# file of the example; apart from the manifest they may be of 100 lines.
set -euo pipefail
page=$1 example=$2 build=$3 program=$4
kMostLines=100

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/murmur" "$work/bin"

# Splits the page: each block is appended to its file below "typed", those to run to "run.sh".
awk -v typed="$work/typed/" -v run="$work/run.sh" '
  /^<!-- .* -->$/ { file = $2; next }
  /^```/ && !inside {
    inside = 1
    to = file == "" ? "" : file == "run" ? run : typed file
    if (to != "") { folder = to; sub("/[^/]*$", "", folder); system("mkdir -p " folder) }
    next
  }
  /^```$/ { inside = 0; file = ""; next }
  inside && to != "" { print >> to }
' "$page"

lines=0
while IFS= read -r file; do
  # Blank lines between the parts of a file are the page's.
  if ! diff -B "$example/$file" "$work/typed/$file"; then
    echo "tutorial: what the page shows of $file is not what the example has" >&2
    exit 1
  fi
  [[ $file == manifest.json ]] || lines=$((lines + $(wc -l <"$work/typed/$file")))
done < <(cd "$work/typed" && find . -type f -printf '%P\n')
if ((lines > kMostLines)); then
  echo "tutorial: its author writes $lines lines, $kMostLines are allowed" >&2
  exit 1
fi
if ! grep -q "takes $lines lines besides the manifest" "$page"; then
  echo "tutorial: its author writes $lines lines besides the manifest; the page says otherwise" >&2
  exit 1
fi

cmake --install "$build" --prefix "$work/prefix" --component sdk >/dev/null
ln -s "$program" "$work/bin/earshot"
cp -r "$work/typed/." "$work/murmur"
cd "$work/murmur"
unset Earshot_DIR CPATH CFLAGS CXXFLAGS
CMAKE_PREFIX_PATH=$work/prefix PKG_CONFIG_PATH=$work/prefix/share/pkgconfig PATH=$work/bin:$PATH \
  sh -eux "$work/run.sh"
