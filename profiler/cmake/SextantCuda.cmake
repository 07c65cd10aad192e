# SPDX-License-Identifier: Apache-2.0
# Looks for nvcc and for the headers of the libraries that are measured. The libraries themselves are opened when the
# program runs, so that one binary starts on every machine. Sets SEXTANT_CUDA_FOUND, SEXTANT_CUDA_INCLUDE and, for each
# toolkit X, SEXTANT_X_INCLUDE (empty: not found).
include_guard()
include(CheckLanguage)

set(SEXTANT_CUDA_FOUND OFF)
if(NOT CMAKE_CUDA_COMPILER AND NOT DEFINED ENV{CUDACXX})
  find_program(SEXTANT_NVCC nvcc HINTS "$ENV{CUDA_HOME}/bin" "$ENV{CUDA_PATH}/bin" /usr/local/cuda/bin)
  if(SEXTANT_NVCC)
    set(ENV{CUDACXX} "${SEXTANT_NVCC}")
  endif()
endif()
check_language(CUDA)
if(CMAKE_CUDA_COMPILER)
  set(CMAKE_CUDA_ARCHITECTURES "${SEXTANT_CUDA_ARCHITECTURES}")
  enable_language(CUDA)
  if(NOT CMAKE_CUDA20_STANDARD_COMPILE_OPTION)  # CMake 3.25 does not know that nvcc 12 and 13 have C++20
    set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION "-std=c++20")
    set(CMAKE_CUDA20_EXTENSION_COMPILE_OPTION "-std=c++20")
  endif()
  set(SEXTANT_CUDA_FOUND ON)
else()
  message(STATUS "sextant-profile: no CUDA compiler; it is built without `run`: nothing can be measured (list, import, merge, show work)")
  return()
endif()

# Python wheels carry the libraries too (nvidia/cublas/include, nvidia/cu13/include, ...).
set(SEXTANT_CUDA_HINTS "" CACHE STRING "Further folders with include/ and lib/ of NVIDIA's libraries")
get_filename_component(sextant_cuda_root "${CMAKE_CUDA_COMPILER}" DIRECTORY)
get_filename_component(sextant_cuda_root "${sextant_cuda_root}" DIRECTORY)
set(sextant_hints ${SEXTANT_CUDA_HINTS} "${sextant_cuda_root}" "${sextant_cuda_root}/targets/x86_64-linux"
    "${sextant_cuda_root}/targets/sbsa-linux" "${sextant_cuda_root}/extras/CUPTI" /usr/local/cuda)

# Where Python keeps such wheels, when nothing said so: site-packages/nvidia/cudnn and its like.
if(NOT SEXTANT_CUDA_HINTS)
  find_program(SEXTANT_PYTHON python3)
  mark_as_advanced(SEXTANT_PYTHON)
  if(SEXTANT_PYTHON)
    execute_process(
      COMMAND "${SEXTANT_PYTHON}" -c "import glob, os, site, sys\nroots = dict.fromkeys(site.getsitepackages() + sys.path)\nprint(';'.join(d for r in roots for d in glob.glob(os.path.join(r, 'nvidia', '*')) if os.path.isdir(d)))"
      OUTPUT_VARIABLE sextant_wheels OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    list(APPEND sextant_hints ${sextant_wheels})
  endif()
endif()
if(DEFINED ENV{CUDNN_ROOT})
  list(PREPEND sextant_hints "$ENV{CUDNN_ROOT}")
endif()
if(CUDNN_ROOT)
  list(PREPEND sextant_hints "${CUDNN_ROOT}")
endif()

# sextant_find_toolkit(NAME HEADER LIBRARY... LOSS "what is lost")
function(sextant_find_toolkit name header)
  cmake_parse_arguments(arg "" "LOSS" "LIBRARIES" ${ARGN})
  find_path(SEXTANT_${name}_INCLUDE ${header} HINTS ${sextant_hints} PATH_SUFFIXES include)
  find_library(SEXTANT_${name}_LIBRARY NAMES ${arg_LIBRARIES} HINTS ${sextant_hints} PATH_SUFFIXES lib lib64)
  mark_as_advanced(SEXTANT_${name}_INCLUDE SEXTANT_${name}_LIBRARY)
  if(NOT SEXTANT_${name}_INCLUDE)
    message(STATUS "sextant-profile: ${header} not found; lost: ${arg_LOSS}")
    set(SEXTANT_${name}_INCLUDE "" PARENT_SCOPE)
  endif()
endfunction()

sextant_find_toolkit(CUBLASLT cublasLt.h LIBRARIES cublasLt libcublasLt.so.13 libcublasLt.so.12 LOSS "every GEMM, and the sustained clock")
sextant_find_toolkit(CUBLAS cublas_v2.h LIBRARIES cublas libcublas.so.13 libcublas.so.12 LOSS "grouped GEMMs")
sextant_find_toolkit(CUPTI cupti.h LIBRARIES cupti libcupti.so.13 libcupti.so.12
                     LOSS "kernel times come from events alone, no counters, and `record`")
sextant_find_toolkit(CUPTI_RANGE cupti_range_profiler.h LIBRARIES cupti LOSS "hardware counters (DRAM bytes, tensor pipe, occupancy)")
sextant_find_toolkit(NCCL nccl.h LIBRARIES nccl libnccl.so.2 LOSS "collectives between the GPUs of this machine")
sextant_find_toolkit(CUDNN cudnn.h LIBRARIES cudnn libcudnn.so.9 LOSS "attention through cuDNN itself; it then goes through PyTorch (profiler/torch)")
if(SEXTANT_CUDNN_INCLUDE)
  try_compile(SEXTANT_CUDNN_COMPILES "${CMAKE_BINARY_DIR}/cudnn-probe" SOURCES "${CMAKE_CURRENT_LIST_DIR}/cudnn_probe.cpp"
    CMAKE_FLAGS "-DINCLUDE_DIRECTORIES=${SEXTANT_CUDNN_INCLUDE};${CMAKE_CUDA_TOOLKIT_INCLUDE_DIRECTORIES}"
    CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON)
  if(NOT SEXTANT_CUDNN_COMPILES)
    message(STATUS "sextant-profile: ${SEXTANT_CUDNN_INCLUDE}/cudnn.h is older than cuDNN 9 or not whole; attention goes through PyTorch (profiler/torch)")
    set(SEXTANT_CUDNN_INCLUDE "")
  endif()
endif()
message(STATUS "sextant-profile: NVML comes with the driver and is looked for when the program runs; without it lost: clocks, power, throttling")

# Where the libraries lay when this was built; tried after the loader's own places.
set(SEXTANT_LIBRARY_FOLDERS "")
foreach(toolkit CUBLASLT CUBLAS CUDNN CUPTI NCCL)
  if(SEXTANT_${toolkit}_LIBRARY)
    get_filename_component(folder "${SEXTANT_${toolkit}_LIBRARY}" DIRECTORY)
    list(APPEND SEXTANT_LIBRARY_FOLDERS "${folder}")
  endif()
endforeach()
list(REMOVE_DUPLICATES SEXTANT_LIBRARY_FOLDERS)
string(REPLACE ";" ":" SEXTANT_LIBRARY_FOLDERS "${SEXTANT_LIBRARY_FOLDERS}")
