#!/usr/bin/env bash
# Looks whether the blocks of pages are true.
#
#   pages.sh quotes ROOT PAGE...                 C++, JSON and CMake: each stands, white space aside, in the file of ROOT
#                                                that a line <!-- of FILE --> before it names
#   pages.sh configurations PROGRAM PLUGINS PAGE...    YAML: each is an earshot.yaml without a mistake
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Splits the pages: "$work/N.LANGUAGE" is a block, "$work/N.of" the line of the page and the file it is of.
split() {
  awk -v work="$work/" '
    FNR == 1 { of = "" }
    /^<!-- of .* -->$/ { of = $3; next }
    /^```/ && !inside {
      inside = 1
      count += 1
      block = work count
      to = block "." substr($0, 4)
      print FILENAME ":" FNR, of > (block ".of")
      next
    }
    /^```$/ { inside = 0; of = ""; close(to); next }
    inside { print >> to }
  ' "$@"
}

squeezed() { tr -d ' \n\t' <"$1"; }

quotes() {
  local root=$1 wrong=0 place file
  shift
  split "$@"
  for block in "$work"/*.{cpp,json,cmake}; do
    read -r place file <"${block%.*}.of" || true
    if [[ -z $file ]]; then
      echo "$place: a line <!-- of FILE --> before it must say where it is tested" >&2
      wrong=1
    elif [[ $(squeezed "$root/$file") != *"$(squeezed "$block")"* ]]; then
      echo "$place: it does not stand so in $file" >&2
      wrong=1
    fi
  done
  return $wrong
}

configurations() {
  local program=$1 plugins=$2 wrong=0
  shift 2
  split "$@"
  export ZENDESK_SUBDOMAIN=acme ZENDESK_EMAIL=me@acme.example ZENDESK_API_TOKEN=invented \
    ZENDESK_CLIENT_SECRET=invented EUROPE_TOKEN=invented AMERICA_TOKEN=invented
  for block in "$work"/*.yaml; do
    if ! "$program" config check --config "$block" --plugin-dir "$plugins"; then
      echo "$(cat "${block%.*}.of"): has a mistake" >&2
      wrong=1
    fi
  done
  return $wrong
}

"$@"
