# SPDX-License-Identifier: Apache-2.0
# The programs: target `sextant_programs` builds those that this configuration has, `cmake --install` puts them into bin/.
# The data files are inside the programs, so nothing else has to be found at run time.
include_guard()
include(GNUInstallDirs)

add_custom_target(sextant_programs)
foreach(program IN ITEMS sextant sextant-gui sextant-profile)
  if(TARGET ${program})
    add_dependencies(sextant_programs ${program})
    install(TARGETS ${program} RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
  endif()
endforeach()
install(FILES LICENSE README.md CHANGELOG.md DESTINATION "${CMAKE_INSTALL_DOCDIR}")
