# The parts of the program that are loaded when a command needs them (balse/support/module.hpp): OpenCV takes a tenth of a
# second to start and LibTorch up to a whole one, and most commands need neither.
find_package(Torch REQUIRED)
# One by one: Debian keeps OpenCV's own CMake files in libopencv-dev, which brings Java, VTK and all other modules along.
find_path(opencv_include opencv2/core.hpp PATH_SUFFIXES opencv4 REQUIRED)
foreach(part core imgproc imgcodecs dnn)
  find_library(opencv_${part} opencv_${part} REQUIRED)
  list(APPEND opencv_libraries ${opencv_${part}})
endforeach()
find_library(onednn dnnl REQUIRED)
# TorchScript runs shut in.
pkg_check_modules(libseccomp REQUIRED IMPORTED_TARGET libseccomp)
pkg_check_modules(image_formats REQUIRED IMPORTED_TARGET libjpeg libpng libwebp libwebpdemux libtiff-4 libheif dav1d libde265)
# giflib's own file for pkg-config is Debian's alone.
find_path(giflib_include gif_lib.h REQUIRED)
find_library(giflib gif REQUIRED)

# balse_add_module(NAME SOURCE...): lib/balse/NAME.so. What a module shares with the program is compiled into both; only
# the module's entry is visible from outside.
function(balse_add_module name)
  add_library(${name} MODULE ${ARGN} src/support/error.cpp src/support/printable.cpp src/support/system_calls.cpp
              src/support/utf8.cpp src/tagging/illustration2vec.cpp)
  target_include_directories(${name} PRIVATE include ${PROJECT_BINARY_DIR}/generated src)
  target_link_libraries(${name} PRIVATE balse_options)
  balse_group_by_room(${name})
  if(NOT BALSE_SANITIZE)  # whose runtime comes with the program
    target_link_options(${name} PRIVATE -Wl,--no-undefined)
  endif()
  set_target_properties(${name} PROPERTIES PREFIX "" CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
                                           LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib/balse)
  install(TARGETS ${name} LIBRARY DESTINATION lib/balse)
  # Building the program is building all of it.
  add_dependencies(balse ${name})
endfunction()

file(GLOB imaging_sources CONFIGURE_DEPENDS src/imaging/*.cpp)
balse_add_module(balse_imaging ${imaging_sources})
target_include_directories(balse_imaging SYSTEM PRIVATE ${opencv_include} ${giflib_include})
target_link_libraries(balse_imaging PRIVATE ${opencv_libraries} ${giflib} PkgConfig::image_formats)

file(GLOB inference_sources CONFIGURE_DEPENDS src/inference/*.cpp)
balse_add_module(balse_inference ${inference_sources})
target_include_directories(balse_inference SYSTEM PRIVATE ${TORCH_INCLUDE_DIRS})
target_link_libraries(balse_inference PRIVATE ${TORCH_LIBRARIES} ${onednn} PkgConfig::libzip PkgConfig::libseccomp)

# Trains models/demo; built and run by hand, see models/demo/README.md.
file(GLOB demo_tagger_sources CONFIGURE_DEPENDS src/demo_tagger/*.cpp)
add_executable(train_demo_tagger EXCLUDE_FROM_ALL ${demo_tagger_sources})
target_include_directories(train_demo_tagger PRIVATE src)
target_include_directories(train_demo_tagger SYSTEM PRIVATE ${TORCH_INCLUDE_DIRS})
target_link_libraries(train_demo_tagger PRIVATE balse_core CLI11::CLI11 nlohmann_json::nlohmann_json ${TORCH_LIBRARIES})
add_dependencies(train_demo_tagger balse_imaging balse_inference)
