# SPDX-License-Identifier: Apache-2.0
include_guard()

add_library(sextant_options INTERFACE)
target_include_directories(sextant_options INTERFACE "${CMAKE_SOURCE_DIR}")
target_compile_options(sextant_options INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor>
  # GCC 12 and 13 see overlaps and overruns in std::string that are not there (GCC bugs 105651, 105329), and
  # which ones depends on how long the path of the checkout is: these never fail a build.
  $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CXX_COMPILER_ID:GNU>>:-Wno-restrict -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread>
  $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<BOOL:${SEXTANT_WERROR}>>:-Werror>)

# sextant_library(NAME SOURCES a.cpp ... DEPENDS base fmt::fmt ...)
function(sextant_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;PRIVATE" ${ARGN})
  add_library(sextant_${name} STATIC ${arg_SOURCES})
  add_library(sextant::${name} ALIAS sextant_${name})
  target_link_libraries(sextant_${name} PUBLIC sextant_options ${arg_DEPENDS} PRIVATE ${arg_PRIVATE})
endfunction()
