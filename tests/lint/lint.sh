#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# lint.sh RULE [ROOT]: checks the files under ROOT (default: this repository) against one rule; exit 1 where it is broken.
#   includes  an include climbs the order of folders.txt, or takes a header that headers.txt keeps elsewhere
#   licenses  a source file has no SPDX line, or the wrong one
#   paths     a file names a path of the machine it was written on
#   names     the simulator's code knows a model or publisher by name (names.txt)
#   length    a file has grown too long to read
set -euo pipefail
export LC_ALL=C
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
rule=${1:?usage: lint.sh RULE [ROOT]}
cd "${2:-$here/../..}"

# Every file that git tracks or would track; in an unpacked archive, every file outside build folders.
project_files() {
  if [[ -e .git ]] && git ls-files -co --exclude-standard >/dev/null 2>&1; then
    git ls-files -co --exclude-standard
  else
    find . \( -name build -o -name 'build-*' -o -name .git -o -name .cache \) -prune -o -type f -print | sed 's|^\./||'
  fi | sort | while IFS= read -r file; do
    if [[ -f $file ]]; then printf '%s\n' "$file"; fi
  done
}

cpp_files() { project_files | grep -E '\.(hpp|cpp|h|inc|cu|cuh)$' || true; }

# run_awk PROGRAM [TABLE...] with the files to check on stdin; awk programs print findings and exit 1 where there are any.
run_awk() {
  local program=$1 files
  shift
  mapfile -t files
  ((${#files[@]})) || return 0
  awk -f "$here/$program" -f "$here/code.awk" "$@" "${files[@]}"
}

case $rule in
  includes) cpp_files | run_awk includes.awk "$here/folders.txt" "$here/headers.txt" ;;
  licenses)
    { cpp_files; project_files | grep -E '(^|/)CMakeLists\.txt$|\.(cmake|sh|awk)$|^\.ci/' || true; } | run_awk licenses.awk
    ;;
  paths) project_files | grep -vE '\.(png|svg|ico|gz)$' | run_awk paths.awk ;;
  names) cpp_files | { grep '^sim/' || true; } | run_awk names.awk "$here/names.txt" ;;
  length) cpp_files | run_awk length.awk ;;
  *) echo "lint.sh: no rule \"$rule\"; there are includes, licenses, paths, names and length" >&2; exit 2 ;;
esac
