# SPDX-License-Identifier: Apache-2.0
include_guard()

add_library(sextant_options INTERFACE)
target_include_directories(sextant_options INTERFACE "${CMAKE_SOURCE_DIR}")
target_compile_options(sextant_options INTERFACE
  # GCC 12 sees overlaps in std::string that are not there (GCC bug 105651).
  $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CXX_COMPILER_ID:GNU>>:-Wno-restrict>
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor>
  $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<BOOL:${SEXTANT_WERROR}>>:-Werror>)

# sextant_library(NAME SOURCES a.cpp ... DEPENDS base fmt::fmt ...)
function(sextant_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;PRIVATE" ${ARGN})
  add_library(sextant_${name} STATIC ${arg_SOURCES})
  add_library(sextant::${name} ALIAS sextant_${name})
  target_link_libraries(sextant_${name} PUBLIC sextant_options ${arg_DEPENDS} PRIVATE ${arg_PRIVATE})
endfunction()
