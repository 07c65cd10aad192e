#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# clang-tidy 14 after .clang-tidy; exit 1 where it finds something.
#   scripts/tidy.sh                   the C++ files that differ from HEAD, new ones included
#   scripts/tidy.sh --since REVISION  those that differ from REVISION
#   scripts/tidy.sh --all | FILES...
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=build.sh
source "$(dirname "${BASH_SOURCE[0]}")/build.sh"
cd "$root"

changed_since() { git diff --name-only --diff-filter=d "$1"; git ls-files -o --exclude-standard; }
case ${1:-} in
  --all) mapfile -t files < <(git ls-files -co --exclude-standard) ;;
  --since) mapfile -t files < <(changed_since "${2:?--since needs a revision}") ;;
  "") mapfile -t files < <(changed_since HEAD) ;;
  *) files=("$@") ;;
esac
mapfile -t files < <(printf '%s\n' "${files[@]}" | grep -E '\.(cpp|hpp)$' | sort -u)
if ((${#files[@]} == 0)); then
  note "no C++ file to check"
  exit 0
fi

tidy=$(command -v clang-tidy-14 || command -v clang-tidy || true)
if [[ -z $tidy ]]; then die "needs clang-tidy 14 (apt-get install clang-tidy-14)"; fi
# Only the compile commands are wanted of this folder. Without precompiled headers, which clang cannot read from gcc.
configure tidy build-tidy
printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "$(nproc)" "$tidy" -p build-tidy --quiet --warnings-as-errors='*' 2> \
  >(grep -vE '^[0-9]+ warnings? (generated|treated as errors)|^Suppressed|^Use -header-filter' >&2 || true)
