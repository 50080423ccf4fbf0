# Run by cpack between installing into its own folder and packing that.
file(GLOB_RECURSE pages "${CPACK_TEMPORARY_INSTALL_DIRECTORY}/*.1")
if(NOT pages)
  message(FATAL_ERROR "There are no man pages to compress in ${CPACK_TEMPORARY_INSTALL_DIRECTORY}")
endif()
find_program(gzip gzip REQUIRED)
execute_process(COMMAND ${gzip} -9nf ${pages} COMMAND_ERROR_IS_FATAL ANY)
