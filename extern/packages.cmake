# SPDX-License-Identifier: Apache-2.0
# The Debian packages (extern/debian.txt) as targets. Nothing is fetched or built here.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(ZLIB REQUIRED)

add_library(atelier::zlib ALIAS ZLIB::ZLIB)

# atelier_pkg(<name> <Debian package> <pkg-config modules>...): atelier::<name>, its headers as system headers.
function(atelier_pkg name package)
  pkg_check_modules(${name} QUIET IMPORTED_TARGET ${ARGN})
  if(NOT ${name}_FOUND)
    list(JOIN ARGN ", " modules)
    message(FATAL_ERROR "Atelier needs ${modules} of the Debian package ${package}, which pkg-config does not find. "
                        "Run scripts/setup.sh, or: apt-get install ${package}")
  endif()
  add_library(atelier::${name} ALIAS PkgConfig::${name})
endfunction()

atelier_pkg(stb libstb-dev stb)
atelier_pkg(png libpng-dev libpng)
atelier_pkg(turbojpeg libturbojpeg0-dev libturbojpeg)
atelier_pkg(lcms liblcms2-dev lcms2)
atelier_pkg(webp libwebp-dev libwebpdemux libwebpmux libwebp)
# libheif.so itself names an encoder under the GPL, libx265, as Debian's libavcodec does; nothing here links or calls it.
atelier_pkg(heif libheif-dev libheif)
atelier_pkg(crypto libssl-dev libcrypto)
atelier_pkg(seccomp libseccomp-dev libseccomp)
atelier_pkg(glfw libglfw3-dev glfw3)
atelier_pkg(epoxy libepoxy-dev epoxy)  # loads OpenGL by itself: nothing links libGL
atelier_pkg(fontconfig libfontconfig-dev fontconfig)
atelier_pkg(imgui libimgui-dev imgui stb)
atelier_pkg(libav "libavformat-dev libavcodec-dev libswresample-dev libswscale-dev libavutil-dev"
            libavformat libavcodec libswresample libswscale libavutil)
atelier_pkg(rtmidi librtmidi-dev rtmidi)
atelier_pkg(jack libjack-jackd2-dev jack)  # these two are asked what there is to open, and kept from the terminal
atelier_pkg(alsa libasound2-dev alsa)
if(ATELIER_LINK)
  find_path(ATELIER_LINK_INCLUDE ableton/Link.hpp)
  find_path(ATELIER_ASIO_INCLUDE asio.hpp)
  if(NOT ATELIER_LINK_INCLUDE OR NOT ATELIER_ASIO_INCLUDE)
    message(FATAL_ERROR "ATELIER_LINK needs Ableton Link of the Debian package ableton-link-dev: "
                        "apt-get install ableton-link-dev")
  endif()
endif()
atelier_pkg(liblo liblo-dev liblo)
atelier_pkg(portaudio portaudio19-dev portaudio-2.0)
atelier_pkg(kissfft libkissfft-dev kissfft-float)
atelier_pkg(pipewire libpipewire-0.3-dev libpipewire-0.3)

# MPI starts training as several processes. It is never linked into the program: src/mpi is a library that is loaded where
# it is wanted, and a build without MPI goes without.
pkg_check_modules(ompi QUIET IMPORTED_TARGET ompi-c)
set(ATELIER_WITH_MPI OFF)
if(ompi_FOUND)
  set(ATELIER_WITH_MPI ON)
  add_library(atelier::mpi ALIAS PkgConfig::ompi)
else()
  message(STATUS "MPI: no OpenMPI (libopenmpi-dev), so training stays on one process")
endif()

# giflib has no pkg-config file.
find_path(ATELIER_GIF_INCLUDE gif_lib.h)
find_library(ATELIER_GIF gif)
if(NOT ATELIER_GIF_INCLUDE OR NOT ATELIER_GIF)
  message(FATAL_ERROR "Atelier needs giflib of the Debian package libgif-dev. Run scripts/setup.sh, or: "
                      "apt-get install libgif-dev")
endif()
add_library(atelier_gif INTERFACE)
target_include_directories(atelier_gif SYSTEM INTERFACE "${ATELIER_GIF_INCLUDE}")
target_link_libraries(atelier_gif INTERFACE "${ATELIER_GIF}")
add_library(atelier::gif ALIAS atelier_gif)

# OpenCV's four modules by hand: Debian keeps its pkg-config file in the package with all modules.
find_path(ATELIER_OPENCV_INCLUDE opencv2/core.hpp PATH_SUFFIXES opencv4 REQUIRED)
add_library(atelier_opencv INTERFACE)
target_include_directories(atelier_opencv SYSTEM INTERFACE "${ATELIER_OPENCV_INCLUDE}")
foreach(module calib3d imgcodecs imgproc core)
  find_library(ATELIER_OPENCV_${module} opencv_${module} REQUIRED)
  target_link_libraries(atelier_opencv INTERFACE "${ATELIER_OPENCV_${module}}")
endforeach()
add_library(atelier::opencv ALIAS atelier_opencv)

# dlib by hand as well: its pkg-config file names every library it could use.
find_library(ATELIER_DLIB dlib REQUIRED)
find_path(ATELIER_DLIB_INCLUDE dlib/image_processing.h REQUIRED)
add_library(atelier_dlib INTERFACE)
target_include_directories(atelier_dlib SYSTEM INTERFACE "${ATELIER_DLIB_INCLUDE}")
find_library(ATELIER_BLAS blas REQUIRED) # what its headers call
find_library(ATELIER_LAPACK lapack REQUIRED)
target_link_libraries(atelier_dlib INTERFACE "${ATELIER_DLIB}" "${ATELIER_LAPACK}" "${ATELIER_BLAS}")
add_library(atelier::dlib ALIAS atelier_dlib)
