#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# setup_test.sh SETUP: runs scripts/setup.sh on machines made of stand-ins for dpkg-query, apt-get, sudo and id.
set -euo pipefail
setup=$1
machine=$(mktemp -d)
trap 'rm -rf "$machine"' EXIT
failed=0

stand_in() {
  { echo '#!/bin/sh'; cat; } >"$machine/bin/$1"
  chmod +x "$machine/bin/$1"
}

# new_machine USER_ID MISSING...: a machine that has every package asked for but these.
new_machine() {
  local user=$1
  shift
  rm -rf "${machine:?}"/*
  mkdir "$machine/bin"
  : >"$machine/apt"
  stand_in id <<<"echo $user"
  stand_in sudo <<<'exit 1'
  stand_in apt-get <<<"echo \"\$@\" >>$machine/apt"
  stand_in dpkg-query <<END
shift 2
for package; do
  case " $* " in *" \$package "*) ;; *) echo "installed \$package" ;; esac
done
test -z "$*"
END
}

# runs STATUS: runs the set-up and keeps what it said and what it asked of apt-get.
runs() {
  local status=0
  said=$(PATH="$machine/bin:$PATH" bash "$setup" 2>&1 </dev/null) || status=$?
  asked=$(<"$machine/apt")
  expect "exit status $1, not $status" test "$status" = "$1"
}

expect() {
  local what=$1
  shift
  "$@" && return
  failed=1
  printf 'FAILED: %s\n--- said:\n%s\n--- asked of apt-get:\n%s\n' "$what" "$said" "$asked"
}
# shellcheck disable=SC2317  # called through expect
contains() { [[ $1 == *"$2"* ]]; }

new_machine 0
runs 0
expect 'nothing missing: silent' test -z "$said"
expect 'nothing missing: no apt-get' test -z "$asked"

new_machine 0 cmake libeigen3-dev
runs 0
expect 'says what and why' contains "$said" 'cmake               configures the build'
expect 'says what and why, each' contains "$said" 'libeigen3-dev       linear algebra of the calibration'
expect 'no other package in the list' test "$(grep -c '^  ' <<<"$said")" = 2
expect 'fresh lists first' contains "$(head -n 1 <<<"$asked")" ' update'
expect 'installs just these' contains "$(tail -n 1 <<<"$asked")" 'install -y --no-install-recommends cmake libeigen3-dev'

new_machine 1000 ninja-build
runs 1
expect 'the exact line for the administrator' contains "$said" $'\n  apt-get install --no-install-recommends ninja-build\n'
expect 'no apt-get without the right to it' test -z "$asked"

new_machine 1000 ninja-build
# shellcheck disable=SC2016  # for the stand-in to expand
stand_in sudo <<<'test "$1" = -n || exec "$@"'
runs 0
expect 'through sudo' contains "$asked" 'install -y --no-install-recommends ninja-build'

new_machine 0 qt6-base-dev
stand_in apt-get <<<"echo \"\$@\" >>$machine/apt; exit 100"
runs 0
expect 'the dashboard can be done without' contains "$said" 'going on without the dashboard'

new_machine 0 cmake
stand_in apt-get <<<"echo \"\$@\" >>$machine/apt; exit 100"
runs 1
expect 'a core package cannot' contains "$said" 'cannot build without these packages'

((failed)) || echo 'setup: all as expected'
exit "$failed"
