#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# views_never_compute.sh ROOT: pages, widgets, item models, the window and the session show finished numbers. Arithmetic
# has two places under gui/: geometry/ (where things lie) and input/ (what was typed); charts/ draws. Elsewhere a product, a
# quotient, a power, a unit's factor or the bare value of a quantity is a finding. With --self-test: proves that it finds.
set -euo pipefail

check() {  # files on stdin
  local findings=0 file
  while IFS= read -r file; do
    # Code without comments and strings; clang-format puts spaces around binary operators and none after a pointer's star.
    sed -E 's|"([^"\\]\|\\.)*"||g; s|//.*$||' "$file" |
      grep -nE ' \* | / | % |\*= |/= |std::(pow|exp|log|sqrt)|[^_a-z](3600|86400|1e[0-9]+)[^0-9]|\.value\(\) *[-+*/]' |
      sed "s|^|$file:|; s|\$|   <- arithmetic in a view; work it out under sim/report|" && findings=1
  done
  return $findings
}

if [[ ${1:-} == --self-test ]]; then
  folder=$(mktemp -d)
  trap 'rm -r "$folder"' EXIT
  for line in 'double mfu = flops / peak;' 'x *= 2;' 'hours = s.value() / 3600;' 'double t = std::pow(2, n);' 'd = 86400 + x;'; do
    printf '%s\n' "$line" >"$folder/a.cpp"
    if check <<<"$folder/a.cpp" >/dev/null; then echo "does not find: $line"; exit 1; fi
  done
  printf '%s\n' 'QWidget* w = new QWidget(parent);  // a / b' 'auto s = tr("a / b * c");' 'const auto* p = &x;' >"$folder/a.cpp"
  check <<<"$folder/a.cpp" || exit 1
  echo "self-test passed"
  exit 0
fi

bash "${BASH_SOURCE[0]}" --self-test
cd "$1"
find gui \( -path gui/geometry -o -path gui/input -o -path gui/charts \) -prune -o \( -name '*.cpp' -o -name '*.hpp' \) -print | sort | check
