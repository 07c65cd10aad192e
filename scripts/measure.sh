#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# measure.sh [-o PROFILE.json] [--phase PHASE,...] [--budget SECONDS] [run options]
# Everything that needs a GPU, with one command, on a machine that has little more than nvcc and a C++ compiler: builds
# sextant-profile, checks every kernel against its float64 reference (once more under compute-sanitizer where that is
# there), measures the full suite, adds attention and one MoE layer through PyTorch where that is installed, prints the table.
#   -o FILE         the profile; default: $OUT/profile.json where OUT is set, else profile.json. Kept between calls: a second
#                   call goes on where the first stopped.
#   --phase P,...   of build, check, sanitize, attention, layer, run; default all
#   --budget S      leave after about S seconds with what is measured (default 570)
#   --build DIR     build folder (default build-measure)
# Further options go to `sextant-profile run`: --suite quick, --model deepseek-v3, --counters all, ...
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
began=$SECONDS
out=${OUT:+$OUT/}profile.json
build=$root/build-measure phase=all budget=570
options=()
while (($#)); do
  case $1 in
    -o | --output) out=$2; shift 2 ;;
    --phase) phase=$2; shift 2 ;;
    --budget) budget=$2; shift 2 ;;
    --build) build=$2; shift 2 ;;
    -h | --help) sed -n '3,12p' "${BASH_SOURCE[0]}" | sed 's/^# \{0,1\}//'; exit 0 ;;
    *) options+=("$1"); shift ;;
  esac
done
folder=$(cd "$(dirname "$out")" && pwd) || exit 2
say() { printf '\n== %s (%d s)\n' "$*" $((SECONDS - began)); }
left() { echo $((budget - (SECONDS - began))); }
wants() { [[ $phase == all || ,$phase, == *,$1,* ]]; }
limit() { local seconds; seconds=$(left); if ((seconds > $1)); then seconds=$1; fi; echo $((seconds > 5 ? seconds : 5)); }

nvcc=$(command -v nvcc || ls "${CUDA_HOME:-/usr/local/cuda}/bin/nvcc" /usr/local/cuda/bin/nvcc 2>/dev/null | head -1)
if [[ -z $nvcc ]]; then echo "measure.sh: nvcc is not found; set CUDA_HOME" >&2; exit 3; fi
cuda=$(cd "$(dirname "$(readlink -f "$nvcc")")/.." && pwd)

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
capability=$(nvidia-smi --query-gpu=compute_cap --format=csv,noheader 2>/dev/null | head -1 | tr -d '. ')
case $capability in 80 | 86 | 87 | 89) arch=$capability ;; 100 | 103 | 120) arch=$capability ;; *) arch=90a ;; esac

# Without CMake: the same files by hand, with whatever headers are found.
build_by_hand() {
  local objects=$build/objects include=(-I"$root") defines=(-DSEXTANT_VERSION='"measure"') have_lt= have_cupti= have_range= have_nccl= libraries=
  mkdir -p "$objects" "$build/bin" || return 1
  IFS=';' read -ra places <<<"$hints"
  for place in "${places[@]}" "$cuda/extras/CUPTI"; do
    if [[ -d $place/include ]]; then include+=(-isystem "$place/include"); fi
    for lib in "$place/lib64" "$place/lib"; do if [[ -d $lib ]]; then libraries="${libraries:+$libraries:}$lib"; break; fi; done
    [[ -f $place/include/cublasLt.h ]] && have_lt=1
    [[ -f $place/include/cupti.h ]] && have_cupti=1
    [[ -f $place/include/cupti_range_profiler.h ]] && have_range=1
    [[ -f $place/include/nccl.h ]] && have_nccl=1
  done
  defines+=(-DSEXTANT_LIBRARY_FOLDERS="\"$libraries\"")
  local sources=("$root"/profiler/core/*.cpp "$root"/profiler/trace/*.cpp "$root"/profiler/commands/*.cpp "$root"/profiler/record/launch.cpp
    "$root"/profiler/cuda/*.cpp "$root"/profiler/cuda/operations/*.cpp)
  local leave=no_cuda.cpp
  if [[ -n $have_lt ]]; then leave+=" no_gemm.cpp"; defines+=(-DSEXTANT_HAS_CUBLASLT -DSEXTANT_HAS_CUBLAS); else leave+=" blas.cpp matmul.cpp operations/gemm.cpp operations/grouped_gemm.cpp"; fi
  if [[ -n $have_cupti ]]; then leave+=" kernel_clock_none.cpp"; else leave+=" kernel_clock_cupti.cpp"; fi
  if [[ -n $have_range ]]; then leave+=" counter_reader_none.cpp"; else leave+=" counter_reader_cupti.cpp"; fi
  if [[ -n $have_nccl ]]; then leave+=" no_collective.cpp"; else leave+=" operations/collective.cpp"; fi
  local zlib=()
  if [[ -f /usr/include/zlib.h ]]; then leave+=" trace/no_gzip.cpp"; zlib=(-lz); else leave+=" trace/gzip.cpp"; fi
  local commands=$build/commands.txt file left_out
  : >"$commands"
  for file in "${sources[@]}"; do
    left_out=
    for l in $leave; do if [[ $file == */$l ]]; then left_out=1; fi; done
    [[ -n $left_out ]] && continue
    printf '%q ' "${CXX:-c++}" -std=c++20 -O2 -fPIC "${include[@]}" "${defines[@]}" -c "$file" -o "$objects/$(echo "${file#"$root"/}" | tr / _).o" >>"$commands"
    echo >>"$commands"
  done
  for file in "$root"/profiler/cuda/kernels/*.cu; do
    printf '%q ' "$nvcc" -std=c++20 -O3 -Xcompiler=-fPIC "-gencode=arch=compute_$arch,code=sm_$arch" -I"$root" -c "$file" -o "$objects/$(basename "$file").o" >>"$commands"
    echo >>"$commands"
  done
  xargs -P "$(nproc)" -d '\n' -I{} bash -c '{}' <"$commands" || return 1
  "$nvcc" "$objects"/*.o -o "$build/bin/sextant-profile" -ldl "${zlib[@]}" || return 1
  if [[ -n $have_cupti ]]; then
    "${CXX:-c++}" -std=c++20 -O2 -fPIC -shared "${include[@]}" "${defines[@]}" "$root"/profiler/record/injection.cpp \
      "$root"/profiler/cuda/shared_library.cpp -o "$build/bin/libsextant-record.so" -ldl
  fi
}

if wants build || [[ ! -x $build/bin/sextant-profile ]]; then
  say "building for sm_$arch"
  rm -f "$build/CMakeCache.txt" "$folder/configure.log" "$folder/build.log"
  if ! { command -v cmake >/dev/null && CUDACXX=$nvcc cmake -S "$root/profiler" -B "$build" -DCMAKE_BUILD_TYPE=Release \
    -DSEXTANT_CUDA_ARCHITECTURES="$arch" -DSEXTANT_CUDA_HINTS="$hints" >"$folder/configure.log" 2>&1 &&
    ! grep -q 'no CUDA compiler' "$folder/configure.log" &&
    cmake --build "$build" -j "$(nproc)" >"$folder/build.log" 2>&1; }; then
    echo "CMake is not there or failed (configure.log, build.log); building by hand"
    build_by_hand >"$folder/build-by-hand.log" 2>&1 || { tail -30 "$folder/build-by-hand.log" >&2; exit 2; }
  fi
fi
grep -s 'sextant-profile:' "$folder/configure.log"
program=$build/bin/sextant-profile
status=0

if wants check; then
  say "checking every kernel against float64"
  timeout "$(limit 120)" "$program" check | tee "$folder/check.txt"
  code=${PIPESTATUS[0]}
  if ((code == 3)); then exit 3; fi
  if ((code != 0)); then echo "measure.sh: some kernels differ; they are measured no further" >&2; status=5; fi
fi

if wants sanitize; then
  sanitizer=$(command -v compute-sanitizer || ls "$cuda"/bin/compute-sanitizer "$cuda"/compute-sanitizer/compute-sanitizer 2>/dev/null | head -1)
  if [[ -n $sanitizer ]]; then
    # Our own kernels; the libraries' are their makers' business.
    for tool in memcheck racecheck; do
      say "compute-sanitizer $tool"
      timeout "$(limit 90)" "$sanitizer" --tool "$tool" --error-exitcode 9 "$program" check --own >"$folder/sanitizer-$tool.log" 2>&1
      code=$?
      if ((code == 9)); then status=5; grep -m 20 '=====' "$folder/sanitizer-$tool.log"; elif ((code != 0)); then echo "$tool: exit $code, no verdict"; fi
      tail -2 "$folder/sanitizer-$tool.log"
    done
  else
    echo "compute-sanitizer is not found: memory and races are not checked"
  fi
fi

# PyTorch's attention kernels first: it takes a minute, and the rest may use up the time.
if wants attention; then
  if [[ -n $python ]] && "$python" -c 'import torch; assert torch.cuda.is_available()' 2>/dev/null; then
    say "attention through PyTorch"
    timeout "$(limit 120)" "$python" "$root/profiler/torch/attention.py" "$program" "$folder/attention.json" || echo "attention is not measured: the script failed"
  else
    echo "PyTorch with CUDA is not found: attention is not measured"
  fi
fi

if wants layer && [[ -n $python ]] && "$python" -c 'import torch; assert torch.cuda.is_available()' 2>/dev/null; then
  # One MoE layer in PyTorch: by itself, and recorded.
  for model in mixtral-8x7b deepseek-v3; do
    say "one layer of $model in PyTorch"
    timeout "$(limit 60)" "$python" "$root/profiler/torch/moe_layer.py" "$model" | tee -a "$folder/layers.jsonl"
    timeout "$(limit 90)" "$program" record -o "$folder/layer-$model.json" -- "$python" "$root/profiler/torch/moe_layer.py" "$model" --steps 4 >"$folder/layer-$model.txt" 2>&1
    sed -n '1,16p' "$folder/layer-$model.txt"
  done
fi

if wants run; then
  seconds=$(left)
  say "measuring for at most $seconds s"
  "$program" run --resume -o "$out" --budget "$((seconds > 10 ? seconds : 10))" --quiet "${options[@]+"${options[@]}"}" >"$folder/table.txt"
  code=$?
  if ((code == 3)); then exit 3; fi
  if ((code != 0)); then status=$code; fi
  if [[ -f $folder/attention.json ]]; then "$program" merge -o "$out" "$out" "$folder/attention.json"; fi
  "$program" show "$out"
  say "done: $out"
fi
exit "$status"
