#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Formats the C++ and CUDA files with clang-format 14 after .clang-format.
#   scripts/format.sh [--check] [FILES...]   all files by default; --check changes nothing and fails where it would
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

mode=(-i)
if [[ ${1:-} == --check ]]; then
  mode=(--dry-run --Werror)
  shift
fi
files=("$@")
if ((!$#)); then mapfile -t files < <(git ls-files -co --exclude-standard '*.hpp' '*.cpp' '*.h' '*.cu' '*.cuh'); fi

# Other versions break lines differently.
formatter=$(command -v clang-format-14 || command -v clang-format || true)
if [[ -z $formatter ]] || ! "$formatter" --version | grep -q 'version 14\.'; then
  echo "format.sh: needs clang-format 14 (apt-get install clang-format-14)" >&2
  exit 1
fi
existing=()
for file in "${files[@]}"; do
  case $file in
    *.hpp | *.cpp | *.h | *.cu | *.cuh) if [[ -f $file ]]; then existing+=("$file"); fi ;;
  esac
done
((${#existing[@]} == 0)) || "$formatter" "${mode[@]}" "${existing[@]}"
