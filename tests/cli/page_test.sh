#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# page_test.sh SEXTANT: opens written pages in a headless Chromium; no message on its console, all charts drawn. Exit 77
# (skipped) where there is no Chromium.
set -euo pipefail
sextant=$1
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [[ -z $browser ]]; then
  echo "no Chromium: skipped"
  exit 77
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# check NAME CHARTS ARGUMENTS...: at least so many charts have a size and stand inside the page.
check() {
  local name=$1 charts=$2 page dom
  shift 2
  page=$folder/$name.html
  "$sextant" "$@" -o "$page" || (($? == 3))
  # A line of script that only this copy has measures what the browser drew.
  sed 's#</body>#<script>const drawn=[...document.querySelectorAll("svg.chart")].filter(s=>{const b=s.getBoundingClientRect();return b.width>200\&\&b.height>40\&\&b.right<=innerWidth+1\&\&s.querySelector("rect,circle")});document.title="drawn "+drawn.length+" wide "+(document.documentElement.scrollWidth>innerWidth)</script></body>#' "$page" >"$folder/$name-measured.html"
  dom=$(timeout 120 "$browser" --headless --no-sandbox --disable-gpu --enable-logging=stderr --log-level=0 --window-size=1000,2000 \
    --dump-dom "file://$folder/$name-measured.html" 2>"$folder/$name.log")
  if grep -E 'CONSOLE' "$folder/$name.log"; then
    echo "$name: the console has messages" >&2
    exit 1
  fi
  local drawn
  drawn=$(grep -oE '<title>drawn [0-9]+ wide (true|false)' <<<"$dom" | head -1)
  echo "$name: $drawn"
  if [[ -z $drawn || $(cut -d' ' -f2 <<<"$drawn") -lt $charts || $drawn == *true ]]; then
    echo "$name: expected $charts charts inside the page" >&2
    exit 1
  fi
}

check campaign 7 report deepseek-v3 --gpu h100
check run 4 report deepseek-v3-2048-h800
check claim 1 report deepseek-v3-total
check plan 6 plan deepseek-v3-2048-h800 --tokens 14.8T
check sizes 6 plan --model llama3-8b --gpu h100 --gpus 64..256 --tokens 1T --seq-len 8192 --global-sequences 512
check nothing 1 plan --model llama3.1-405b --gpu h100 --gpus 8 --tokens 1T --seq-len 8192 --global-sequences 512
