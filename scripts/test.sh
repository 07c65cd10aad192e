#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The same set-up as scripts/run.sh, then the whole test suite.
#   scripts/test.sh [--strict] [--minimal] [CTEST ARGUMENTS...]
#   --strict   warnings are errors
#   --minimal  also build and test the `minimal` preset (no dashboard, no profiler) into build-minimal/
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=build.sh
source "$(dirname "${BASH_SOURCE[0]}")/build.sh"

strict=() minimal=0
while (($#)); do
  case $1 in
    --strict) strict=(-DSEXTANT_WERROR=ON) ;;
    --minimal) minimal=1 ;;
    -h | --help) sed -n '3,6s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) break ;;
  esac
  shift
done

# test_preset PRESET FOLDER [CTEST ARGUMENTS]
test_preset() {
  local preset=$1 folder=$2
  shift 2
  lock_folder "$folder"
  configure "$preset" "$folder" "${strict[@]}"
  build "$folder"
  unlock_folder
  # The dashboard's tests draw into memory.
  QT_QPA_PLATFORM=offscreen ctest --test-dir "$root/$folder" --output-on-failure --no-tests=error --timeout 600 \
    -j "$(nproc)" "$@" </dev/null
}

install_packages
if ((minimal)); then test_preset minimal build-minimal "$@"; fi
test_preset release build "$@"
