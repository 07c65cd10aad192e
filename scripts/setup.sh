#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the Debian or Ubuntu packages that Sextant is built with and that are not there yet.
# Says nothing and touches no network when all are there. Run it, or source it and call install_packages.

# role   package           what it is for. A missing `core` package stops us, a missing `gui` package costs sextant-gui, a
#                              missing `mpi` package sweeps over several machines.
package_table() {
  cat <<'END'
core  build-essential     the C++ compiler
core  cmake               configures the build
core  ninja-build         runs the build
core  nlohmann-json3-dev  reads and writes JSON
core  libfmt-dev          formats text
core  libcli11-dev        parses the command line
core  libeigen3-dev       linear algebra of the calibration
core  zlib1g-dev          reads .gz traces
core  libtbb-dev          threads of the layout search
core  catch2              the tests
core  libbenchmark-dev    the benchmarks
core  ccache              makes rebuilds fast
mpi   libopenmpi-dev      sweeps over several machines
mpi   openmpi-bin         mpirun, for them
gui   qt6-base-dev        the dashboard's widgets
gui   libqcustomplot-dev  the dashboard's charts
gui   libqt6svg6-dev      the dashboard's drawings and icon
gui   fonts-inter         the dashboard's letters
END
}

note() { printf 'sextant: %s\n' "$*" >&2; }
die() { note "$*"; exit 1; }

# missing_packages ROLE: the packages of that role that are not installed, one a line. One dpkg-query for all of them.
missing_packages() {
  local wanted installed
  wanted=$(package_table | awk -v role="$1" '$1 == role { print $2 }')
  # shellcheck disable=SC2086  # one word a package; dpkg-query fails where it never heard of one
  installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' $wanted 2>/dev/null || true)
  installed=$(awk '$1 == "installed" { print $2 }' <<<"$installed")
  comm -23 <(sort <<<"$wanted") <(sort <<<"$installed")
}

# Sets the array `as_root` to what runs a command as root, or fails where nothing does.
find_root() {
  as_root=()
  if (($(id -u) == 0)); then return 0; fi
  # Without a terminal sudo can ask nobody for the password.
  if command -v sudo >/dev/null && { [[ -t 0 && -t 2 ]] || sudo -n true 2>/dev/null; }; then
    as_root=(sudo)
    return 0
  fi
  return 1
}

# apt_get ARGUMENTS...: its output is shown where it fails.
apt_get() {
  local log status=0
  log=$("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@" 2>&1 </dev/null) || status=$?
  ((status == 0)) || tail -n 20 <<<"$log" >&2
  return "$status"
}

# install_role ROLE: returns 1 where its packages are missing and cannot be installed.
install_role() {
  local missing
  mapfile -t missing < <(missing_packages "$1")
  ((${#missing[@]})) || return 0

  note "packages to install:"
  package_table | awk -v wanted=" ${missing[*]} " '
    index(wanted, " " $2 " ") { name = $2; sub(/^[^ ]+ +[^ ]+ +/, ""); printf "  %-19s %s\n", name, $0 }' >&2
  local line="apt-get install --no-install-recommends ${missing[*]}"
  if ! find_root; then
    note "neither root nor a usable sudo here. Have an administrator run:"
    printf '  %s\n' "$line" >&2
    return 1
  fi
  note "installing them; this can take some minutes"
  # Stale or absent package lists are the usual reason for a failure; a machine that is offline may still have the packages.
  apt_get update || note "apt-get update failed; trying with the package lists at hand"
  if ! apt_get install -y --no-install-recommends "${missing[@]}"; then
    note "this failed: $line"
    return 1
  fi
  packages_changed=1
}

# Leaves packages_changed=1 where it installed something: what CMake found before may be out of date then (build.sh).
# shellcheck disable=SC2034
install_packages() {
  packages_changed=0
  if ! command -v dpkg-query >/dev/null; then
    if command -v cmake >/dev/null && command -v ninja >/dev/null; then return 0; fi
    die "not Debian or Ubuntu; install CMake, Ninja and a C++20 compiler, and the libraries named in scripts/setup.sh"
  fi
  install_role core || die "cannot build without these packages"
  install_role mpi || note "going on without MPI (sextant sweep stays on one machine)"
  install_role gui || note "going on without the dashboard (sextant-gui)"
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  set -euo pipefail
  install_packages
fi
