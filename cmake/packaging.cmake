# cpack -G DEB: a Debian package of what cmake --install puts in place. SHLIBDEPS needs dpkg-dev and file.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME balse)
set(CPACK_PACKAGE_VENDOR "balse developers")
set(CPACK_PACKAGE_CONTACT "balse developers <balse@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGE_DESCRIPTION "\
balse recommends anime and manga that nobody has rated yet, from their posters:
matrix factorisation of the ratings, a sparse linear model of poster tags for
every user, and a gate that blends the two by how many ratings an item has.")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
# Not what the umask of whoever builds it says.
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# It draws the figures of a report.
set(CPACK_DEBIAN_PACKAGE_SUGGESTS gnuplot-nox)
# Debian wants man pages compressed, the same on every build.
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/compress_manual.cmake)
include(CPack)
