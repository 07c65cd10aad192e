#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# measure.sh [-o PROFILE.json] [--phase PHASE,...] [--budget SECONDS] [run options]
# Everything that needs a GPU, with one command, on a machine that has little more than nvcc and a C++ compiler: builds
# sextant-profile, checks every kernel against its float64 reference, measures the full suite, adds what takes PyTorch,
# where that is installed (one MoE layer, and attention that cuDNN itself did not do), and runs compute-sanitizer over our
# own kernels. A phase that fails or runs into its limit loses nothing of the others; what is measured is kept as it goes,
# and a second call does the phases (and the cases of a phase) that the first did not finish.
#   -o FILE         the profile; default: $OUT/profile.json where OUT is set, else profile.json. Beside it, after each
#                   phase: FILE.txt (the table), measure-log.tar.gz (logs, recorded layers, sanitizer reports)
#   --phase P,...   of build, check, run, attention, layer, sanitize; these again, even if they were done. Default: all
#                   that are not done
#   --budget S      leave after about S seconds (default 570)
#   --build DIR     build folder, which also keeps the state (default build-measure)
#   --arch LIST     GPU architectures to build for, e.g. "80;90a;100" (default: this machine's GPU)
# Without nvcc: build elsewhere (`measure.sh --phase build --arch "80;90a;100"` needs no GPU) and carry DIR/bin; it holds
# its own CUDA runtime and libstdc++, so a driver is enough, cuBLAS for products and cuDNN for attention. Further options
# go to `sextant-profile run`: --suite quick, --model deepseek-v3, --counters all, ...
# Leaves with 0, 2 (not built), 3 (no CUDA device), 5 (a kernel differs or the sanitizer complains).
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
began=$SECONDS
out=${OUT:+$OUT/}profile.json
build=$root/build-measure phase='' budget=570 arch=''
options=()
while (($#)); do
  case $1 in
    -o | --output | --phase | --budget | --build | --arch)
      if (($# < 2)); then echo "measure.sh: $1 needs a value" >&2; exit 1; fi
      case $1 in
        -o | --output) out=$2 ;;
        --phase) phase=$2 ;;
        --budget) budget=$2 ;;
        --build) build=$2 ;;
        --arch) arch=$2 ;;
      esac
      shift 2
      ;;
    -h | --help) sed -n '3,20p' "${BASH_SOURCE[0]}" | sed 's/^# \{0,1\}//'; exit 0 ;;
    *) options+=("$1"); shift ;;
  esac
done
if ! [[ $budget =~ ^[0-9]+$ ]]; then echo "measure.sh: --budget $budget: a number of seconds is expected" >&2; exit 1; fi
for p in ${phase//,/ }; do
  case $p in
    build | check | run | attention | layer | sanitize) ;;
    *) echo "measure.sh: unknown phase \"$p\"; there are build, check, run, attention, layer and sanitize" >&2; exit 1 ;;
  esac
done
mkdir -p "$(dirname "$out")" && folder=$(cd "$(dirname "$out")" && pwd) || exit 2
mkdir -p "$build" && build=$(cd "$build" && pwd) || exit 2
state=$build/results
mkdir -p "$state" || exit 2
out=$folder/$(basename "$out")
program=$build/bin/sextant-profile
status=0 unfinished=''
say() { printf '\n== %s (%d s)\n' "$*" $((SECONDS - began)); }
left() { echo $((budget - (SECONDS - began))); }
# limit SECONDS: that, or what is left.
limit() { local seconds; seconds=$(left); if ((seconds > $1)); then seconds=$1; fi; echo $((seconds > 5 ? seconds : 5)); }
# wants PHASE NEEDED: whether it is to run now; a phase that would not get NEEDED seconds is left to the next call.
wants() {
  if [[ -n $phase ]]; then [[ ,$phase, == *,$1,* ]] || return 1; elif [[ -f $state/done-$1 ]]; then return 1; fi
  if (($(left) >= $2)); then return 0; fi
  unfinished+=" $1"
  return 1
}
finished() { touch "$state/done-$1"; }
# What there is goes to where the caller looks, in few files.
publish() {
  if [[ -f $state/profile.json ]]; then
    if [[ -f $state/attention.json ]]; then
      "$program" merge -o "$out" "$state/profile.json" "$state/attention.json" || cp "$state/profile.json" "$out"
    else
      cp "$state/profile.json" "$out"
    fi
    "$program" show "$out" >"$out.txt" 2>&1
  elif [[ -f $state/attention.json ]]; then
    cp "$state/attention.json" "$out"
  fi
  tar -C "$state" -czf "$folder/measure-log.tar.gz" . 2>/dev/null
}

# A GPU, before minutes are spent on a build. Building alone needs none.
has_gpu() { nvidia-smi -L 2>/dev/null | grep -q GPU || ls /dev/nvidia[0-9]* /dev/dxg >/dev/null 2>&1; }
if [[ $phase != build ]] && ! has_gpu; then
  echo "measure.sh: no CUDA device is here: nvidia-smi shows none and there is no /dev/nvidia0 (--phase build needs none)" >&2
  exit 3
fi

# CUDA_HOME, then the path, then the usual place.
nvcc=
for candidate in ${CUDA_HOME:+"$CUDA_HOME/bin/nvcc"} "$(command -v nvcc)" /usr/local/cuda/bin/nvcc; do
  if [[ -x $candidate ]]; then nvcc=$candidate; break; fi
done
cuda=${CUDA_HOME:-/usr/local/cuda}
if [[ -n $nvcc ]]; then cuda=$(cd "$(dirname "$(readlink -f "$nvcc")")/.." && pwd); fi

# Headers and libraries may come with CUDA or inside Python wheels (nvidia/*/include).
hints=$cuda
python=$(command -v python3 || true)
if [[ -n $python ]]; then
  wheels=$("$python" - <<'END' 2>/dev/null
import glob, os, site, sys
roots = set(site.getsitepackages() + [p for p in sys.path if p.endswith("packages")])
print(";".join(sorted({d for r in roots for d in glob.glob(os.path.join(r, "nvidia", "*")) if os.path.isdir(d)})))
END
  )
  if [[ -n $wheels ]]; then hints="$hints;$wheels"; fi
fi

# The architecture of this machine's GPU is enough here; without a GPU (a dry run) Hopper's.
if [[ -z $arch ]]; then
  capability=$(nvidia-smi --query-gpu=compute_cap --format=csv,noheader 2>/dev/null | head -1 | tr -d '. ')
  case $capability in 80 | 86 | 87 | 89 | 100 | 103 | 120) arch=$capability ;; *) arch=90a ;; esac
fi

# cuDNN may be there only as such a wheel; it is opened when the program runs.
IFS=';' read -ra places <<<"${wheels:-}"
for place in "${places[@]+"${places[@]}"}"; do
  if [[ -f $place/lib/libcudnn.so.9 ]]; then export LD_LIBRARY_PATH="${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$place/lib"; fi
done

# Without CMake: the same files by hand, with whatever headers are found.
build_by_hand() {
  local objects=$build/objects include=(-I"$root") defines=(-DSEXTANT_VERSION='"measure"') have_lt='' have_cupti='' have_range='' have_nccl='' have_cudnn='' libraries=''
  mkdir -p "$objects" "$build/bin" || return 1
  IFS=';' read -ra places <<<"$hints"
  for place in ${CUDNN_ROOT:+"$CUDNN_ROOT"} "${places[@]}" "$cuda/extras/CUPTI"; do
    if [[ -d $place/include ]]; then include+=(-isystem "$place/include"); fi
    for lib in "$place/lib64" "$place/lib"; do if [[ -d $lib ]]; then libraries="${libraries:+$libraries:}$lib"; break; fi; done
    [[ -f $place/include/cublasLt.h ]] && have_lt=1
    [[ -f $place/include/cupti.h ]] && have_cupti=1
    [[ -f $place/include/cupti_range_profiler.h ]] && have_range=1
    [[ -f $place/include/nccl.h ]] && have_nccl=1
  done
  if "${CXX:-c++}" -std=c++20 -fsyntax-only "${include[@]}" "$root/profiler/cmake/cudnn_probe.cpp" 2>/dev/null; then have_cudnn=1; fi
  defines+=(-DSEXTANT_LIBRARY_FOLDERS="\"$libraries\"")
  local cupti
  cupti=$(IFS=:; for lib in $libraries; do ls "$lib"/libcupti.so* 2>/dev/null; done | head -1)
  if [[ -n $cupti ]]; then defines+=(-DSEXTANT_CUPTI_LIBRARY="\"$cupti\""); fi
  local sources=("$root"/profiler/core/*.cpp "$root"/profiler/trace/*.cpp "$root"/profiler/commands/*.cpp "$root"/profiler/record/launch.cpp
    "$root"/profiler/cuda/*.cpp "$root"/profiler/cuda/operations/*.cpp)
  local leave=no_cuda.cpp
  if [[ -n $have_lt ]]; then leave+=" no_gemm.cpp"; defines+=(-DSEXTANT_HAS_CUBLASLT -DSEXTANT_HAS_CUBLAS); else leave+=" blas.cpp matmul.cpp operations/gemm.cpp operations/grouped_gemm.cpp"; fi
  if [[ -n $have_cudnn ]]; then leave+=" no_attention.cpp"; defines+=(-DSEXTANT_HAS_CUDNN); else leave+=" attention_graph.cpp cudnn.cpp cudnn_graph.cpp operations/attention.cpp"; fi
  if [[ -n $have_cupti ]]; then leave+=" kernel_clock_none.cpp"; else leave+=" kernel_clock_cupti.cpp"; fi
  if [[ -n $have_range ]]; then leave+=" counter_reader_none.cpp"; else leave+=" counter_reader_cupti.cpp"; fi
  if [[ -n $have_nccl ]]; then leave+=" no_collective.cpp"; else leave+=" operations/collective.cpp"; fi
  local zlib=()
  if [[ -f /usr/include/zlib.h ]]; then leave+=" trace/no_gzip.cpp"; zlib=(-lz); else leave+=" trace/gzip.cpp"; fi
  local commands=$build/commands.txt file left_out targets=() one
  for one in ${arch//;/ }; do targets+=("-gencode=arch=compute_$one,code=sm_$one"); done
  : >"$commands"
  for file in "${sources[@]}"; do
    left_out=
    for l in $leave; do if [[ $file == */$l ]]; then left_out=1; fi; done
    [[ -n $left_out ]] && continue
    printf '%q ' "${CXX:-c++}" -std=c++20 -O2 -fPIC "${include[@]}" "${defines[@]}" -c "$file" -o "$objects/$(echo "${file#"$root"/}" | tr / _).o" >>"$commands"
    echo >>"$commands"
  done
  for file in "$root"/profiler/cuda/kernels/*.cu; do
    printf '%q ' "$nvcc" -std=c++20 -O3 -Xcompiler=-fPIC "${targets[@]}" -I"$root" -c "$file" -o "$objects/$(basename "$file").o" >>"$commands"
    echo >>"$commands"
  done
  xargs -P "$(nproc)" -d '\n' -I{} bash -c '{}' <"$commands" || return 1
  "$nvcc" -Xcompiler=-static-libstdc++,-static-libgcc "$objects"/*.o -o "$build/bin/sextant-profile" -ldl "${zlib[@]}" || return 1
  if [[ -n $have_cupti ]]; then
    "${CXX:-c++}" -std=c++20 -O2 -fPIC -shared "${include[@]}" "${defines[@]}" "$root"/profiler/record/injection.cpp \
      "$root"/profiler/cuda/shared_library.cpp -o "$build/bin/libsextant-record.so" -ldl
  fi
}

build_all() {
  # Ninja where there is no make; by hand where there is no CMake or it fails.
  local generator=()
  if ! command -v make >/dev/null && command -v ninja >/dev/null; then generator=(-G Ninja); fi
  rm -rf "$build/CMakeCache.txt" "$build/CMakeFiles" "$state/configure.log" "$state/build.log"
  if command -v cmake >/dev/null && CUDACXX=$nvcc timeout -k 5 60 cmake -S "$root/profiler" -B "$build" "${generator[@]}" -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_EXE_LINKER_FLAGS="-static-libstdc++ -static-libgcc" -DSEXTANT_CUDA_ARCHITECTURES="$arch" -DSEXTANT_CUDA_HINTS="$hints" >"$state/configure.log" 2>&1 &&
    ! grep -q 'no CUDA compiler' "$state/configure.log" &&
    timeout -k 5 240 cmake --build "$build" -j "$(nproc)" >"$state/build.log" 2>&1; then
    grep 'sextant-profile:' "$state/configure.log"
    return 0
  fi
  echo "CMake is not there or failed (configure.log, build.log); building by hand"
  build_by_hand >"$state/build-by-hand.log" 2>&1 && return 0
  tail -30 "$state/build-by-hand.log" >&2
  return 1
}

# A build of other sources, or one that does not start here, counts for nothing, nor do its checks.
stamp=$(cd "$root" && { cat scripts/measure.sh; find profiler hardware/kernel_*.hpp -type f ! -name '*.py' ! -name '*.pyc' | LC_ALL=C sort | xargs cat; } | cksum)
if [[ $(cat "$state/done-build" 2>/dev/null) != "$stamp" && -n $nvcc ]] || ! "$program" list --suite quick >/dev/null 2>&1; then
  rm -f "$state/done-build" "$state/done-check" "$state/done-sanitize"
fi
if [[ -n $nvcc ]]; then
  if wants build 0; then
    say "building for sm_$arch"
    if ! build_all; then echo "measure.sh: sextant-profile is not built" >&2; publish; exit 2; fi
    echo "$stamp" >"$state/done-build"
  fi
elif [[ -x $program ]]; then
  echo "nvcc is not found; the carried $program is used"
else
  echo "measure.sh: nvcc is not found (set CUDA_HOME) and no built program is in $build/bin; --help says how to carry one" >&2
  exit 2
fi
if ! "$program" list --suite quick >/dev/null 2>"$state/start.log"; then
  echo "measure.sh: $program does not start here:" >&2
  cat "$state/start.log" >&2
  exit 2
fi
if [[ $phase == build ]]; then exit 0; fi
{ date -u; nvidia-smi; "$nvcc" --version; "${CXX:-c++}" --version; "$python" -m pip list; } >"$state/machine.txt" 2>&1

if wants check 15; then
  say "checking every kernel against float64"
  timeout -k 10 "$(limit 120)" "$program" check | tee "$state/check.txt"
  code=${PIPESTATUS[0]}
  if ((code == 3)); then exit 3; fi
  if ((code == 0)); then finished check; elif ((code == 5)); then status=5; finished check; echo "measure.sh: some kernels differ; they will have no time" >&2; fi
  publish
fi

if wants run 30; then
  # The suite ends itself in time and saves as it goes; the limit is for a device that hangs.
  # A fault that stays with a process ends it; the next one goes on behind the case that did it.
  for try in 1 2 3 4; do
    seconds=$(limit 480)
    say "measuring for at most $seconds s"
    timeout -s INT -k 30 $((seconds + 15)) "$program" run --resume -o "$state/profile.json" --budget "$seconds" --quiet \
      "${options[@]+"${options[@]}"}" >"$state/table.txt" 2>"$state/run.log"
    code=$?
    cat "$state/run.log"
    cp "$state/run.log" "$state/run-$try.log"
    if ! grep -q 'the device is lost' "$state/run.log" && ((code < 128 || code == 130)); then break; fi
  done
  if ((code == 3)); then exit 3; fi
  if ((code == 1)); then exit 1; fi
  if ((code == 5)); then status=5; fi
  if grep -q 'goes on with what is left' "$state/run.log" || ((code != 0 && code != 5)); then unfinished+=" run"; else finished run; fi
  publish
fi

torch=
if [[ -n $python ]] && (wants attention 20 || wants layer 20) && timeout -k 5 60 "$python" -c 'import torch; assert torch.cuda.is_available()' 2>"$state/torch.log"; then torch=1; fi

if wants attention 20; then
  if [[ -n $torch ]]; then
    say "attention through PyTorch, where cuDNN itself did not do it"
    timeout -k 10 "$(limit 180)" "$python" "$root/profiler/torch/attention.py" "$program" "$state/attention.json" --without "$state/profile.json" 2>"$state/attention.log"
    code=$?
    if ((code == 0)); then finished attention; else unfinished+=" attention"; tail -5 "$state/attention.log"; fi
    publish
  else
    echo "PyTorch with CUDA is not found (torch.log): attention is what cuDNN itself did, if it is there"
  fi
fi

if wants layer 30; then
  if [[ -n $torch ]]; then
    # One MoE layer by itself, as it is and with its small kernels fused, and once more recorded.
    layer_done=1
    for model in mixtral-8x7b deepseek-v3; do
      say "one layer of $model in PyTorch"
      for fused in "" --compile; do
        # shellcheck disable=SC2086
        timeout -k 10 "$(limit 90)" "$python" "$root/profiler/torch/moe_layer.py" "$model" $fused 2>"$state/layer-$model$fused.log" | tee -a "$state/layers.jsonl"
        if ((PIPESTATUS[0] != 0)); then layer_done=; tail -3 "$state/layer-$model$fused.log"; fi
      done
      timeout -k 10 "$(limit 90)" "$program" record -o "$state/layer-$model.json" -- "$python" "$root/profiler/torch/moe_layer.py" "$model" --steps 4 >"$state/layer-$model.txt" 2>&1 || layer_done=
      sed -n '1,16p' "$state/layer-$model.txt"
      publish
    done
    if [[ -n $layer_done ]]; then finished layer; else unfinished+=" layer"; fi
  else
    echo "PyTorch with CUDA is not found (torch.log): no layer is measured"
  fi
fi

if wants sanitize 30; then
  sanitizer=$(command -v compute-sanitizer || ls "$cuda"/bin/compute-sanitizer "$cuda"/compute-sanitizer/compute-sanitizer /usr/local/cuda*/bin/compute-sanitizer 2>/dev/null | head -1)
  if [[ -n $sanitizer ]]; then
    # Our own kernels; the libraries' are their makers' business.
    sanitize_done=1
    for tool in memcheck racecheck synccheck initcheck; do
      say "compute-sanitizer $tool"
      timeout -k 10 "$(limit 90)" "$sanitizer" --tool "$tool" --error-exitcode 9 "$program" check --own >"$state/sanitizer-$tool.log" 2>&1
      code=$?
      if ((code == 9)); then
        status=5
        grep -m 20 '=====' "$state/sanitizer-$tool.log"
      elif ((code != 0)); then
        sanitize_done=
        echo "$tool: exit $code, no verdict"
      fi
      tail -2 "$state/sanitizer-$tool.log"
    done
    if [[ -n $sanitize_done ]]; then finished sanitize; else unfinished+=" sanitize"; fi
    publish
  else
    echo "compute-sanitizer is not found: memory and races are not checked"
  fi
fi

# Layers against the simulator's prediction, where that is built; the measurement does not need it.
compare_layers() {
  local simulator
  for simulator in "$build/bin/sextant" "$root/build/bin/sextant" "$(command -v sextant)"; do
    if [[ ! -x $simulator ]]; then continue; fi
    say "layers, predicted against measured"
    "$simulator" layer --against "$state/layers.jsonl" 2>&1 | tee "$state/layers.txt"
    return
  done
  echo "sextant is not built here: \`sextant layer --against layers.jsonl\` (in measure-log.tar.gz) compares the layers with its prediction"
}
if [[ -s $state/layers.jsonl ]]; then compare_layers; fi

publish
if [[ -f $out.txt ]]; then cat "$out.txt"; fi
if [[ -n $unfinished ]]; then echo "not finished:$(tr ' ' '\n' <<<"$unfinished" | awk 'NF && !seen[$0]++ { printf " %s", $0 }'); the same command again goes on"; fi
say "done: $out, $folder/measure-log.tar.gz"
exit "$status"
