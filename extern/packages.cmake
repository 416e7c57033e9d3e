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

# atelier_pkg(<name> <pkg-config modules>...): atelier::<name>, its headers as system headers.
function(atelier_pkg name)
  pkg_check_modules(${name} REQUIRED IMPORTED_TARGET ${ARGN})
  add_library(atelier::${name} ALIAS PkgConfig::${name})
endfunction()

atelier_pkg(stb stb)
atelier_pkg(glfw glfw3)
atelier_pkg(epoxy epoxy)  # loads OpenGL by itself: nothing links libGL
atelier_pkg(imgui imgui stb)
atelier_pkg(libav libavformat libavcodec libswscale libavutil)
