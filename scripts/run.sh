#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Sets everything up on a fresh Debian 12 or Ubuntu 24.04, builds Sextant into build/ and runs it.
#   scripts/run.sh                 checks DeepSeek-V3's published training budget, then prints the step behind it and a plan beside it
#   scripts/run.sh ARGUMENTS...    sextant ARGUMENTS...
# stdout carries the result only; set-up and build speak on stderr.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=build.sh
source "$(dirname "${BASH_SOURCE[0]}")/build.sh"

# What runs where no arguments are given.
main_job=(
  "check deepseek-v3-total"
  "simulate deepseek-v3-2048-h800"
  "plan deepseek-v3-2048-h800 --tokens 14.8T"
)

install_packages
lock_folder build
configure release build
sextant=$root/build/bin/sextant
[[ -x $sextant ]] || note "building for the first time; this takes a few minutes"
build build sextant_programs
unlock_folder

if (($#)); then exec "$sextant" "$@"; fi

status=0
for command in "${main_job[@]}"; do
  # shellcheck disable=SC2086  # words of a command line
  "$sextant" $command || status=$?
  echo
done
exit "$status"
