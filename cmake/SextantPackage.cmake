# SPDX-License-Identifier: Apache-2.0
# `cpack` in the build folder writes a Debian package of what is installed.
include_guard()

# Without dpkg-shlibdeps CPack would write a package that depends on nothing, and say so nowhere.
find_program(SEXTANT_SHLIBDEPS dpkg-shlibdeps)
if(NOT SEXTANT_SHLIBDEPS)
  message(STATUS "sextant: dpkg-shlibdeps (dpkg-dev) not found, cpack makes no Debian package")
  return()
endif()
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME sextant)
set(CPACK_PACKAGE_VENDOR Sextant)
set(CPACK_PACKAGE_CONTACT "the Sextant maintainers <maintainers@sextant.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# What is loaded at run time and therefore in no header: the window system, pictures of SVG files, letters.
if(TARGET sextant-gui)
  set(CPACK_DEBIAN_PACKAGE_DEPENDS "libqt6svg6, fonts-inter | fonts-dejavu-core")
  set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "qt6-qpa-plugins, qt6-wayland")
endif()
include(CPack)
