# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Configuring and building, for the scripts beside this file to source (under `set -o pipefail`).
# Everything printed here goes to stderr.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source-path=SCRIPTDIR source=setup.sh
source "$root/scripts/setup.sh"

# Called once the packages are there.
use_ccache() {
  command -v ccache >/dev/null || return 0
  export CMAKE_CXX_COMPILER_LAUNCHER=ccache
  # Clones in other folders share their objects, and precompiled headers do not defeat the cache.
  export CCACHE_BASEDIR="$root" CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=pch_defines,time_macros
}

# configure PRESET FOLDER [CMAKE ARGUMENTS]: runs CMake where what Ninja cannot see has changed, and prints its output only
# when it fails. Ninja itself notices changes of CMakeLists.txt.
configure() {
  local preset=$1 folder=$root/$2 fresh=()
  shift 2
  use_ccache
  local stamp=$folder/configured-with wanted="$preset $*"
  # A build folder that was moved or copied here belongs to another source tree.
  if [[ -f $folder/CMakeCache.txt ]] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$folder/CMakeCache.txt"; then
    fresh=(--fresh)
  elif [[ -f $folder/build.ninja && ! $root/CMakePresets.json -nt $stamp && ${packages_changed:-0} == 0 ]] &&
    { (($# == 0)) || [[ $(<"$stamp") == "$wanted" ]]; }; then
    return 0
  fi
  mkdir -p "$folder"
  if ! (cd "$root" && cmake --preset "$preset" "${fresh[@]}" "$@") >"$folder/configure.log" 2>&1 </dev/null; then
    cat "$folder/configure.log" >&2
    die "configuring failed (output above and in ${folder#"$root"/}/configure.log)"
  fi
  # Parts that turned themselves off say so in a line of their own.
  grep -E '^-- sextant: ' "$folder/configure.log" | sed 's/^-- //' >&2 || true
  printf '%s\n' "$wanted" >"$stamp"
}

# build FOLDER [TARGETS]: quiet but for the compiler's own words.
build() {
  local folder=$root/$1
  shift
  if ! ninja -C "$folder" --quiet -j "$(nproc)" "$@" 2>&1 </dev/null | sed '/^ninja: no work to do\.$/d' >&2; then
    die "the build failed (the compiler's output is above)"
  fi
}

# lock_folder FOLDER: one script at a time in a build folder; held until the script ends.
lock_folder() {
  mkdir -p "$root/$1"
  exec {lock_descriptor}>"$root/$1/lock"
  flock "$lock_descriptor"
}
unlock_folder() { exec {lock_descriptor}>&-; }
