# SPDX-License-Identifier: Apache-2.0
# Decides ATELIER_WITH_CUDA from ATELIER_CUDA (AUTO, ON, OFF) and gives atelier::cudart, which is
# empty without CUDA so that folders may link it always. The compiler is the machine's own nvcc 13
# or the one that scripts/setup.sh put into .deps/cuda.

set(ATELIER_WITH_CUDA OFF)
add_library(atelier_cudart INTERFACE)
add_library(atelier::cudart ALIAS atelier_cudart)

if(ATELIER_CUDA STREQUAL "OFF")
  return()
endif()

# The first of version 13 wins, whatever else is on the PATH.
find_program(ATELIER_NVCC_ON_PATH nvcc)
mark_as_advanced(ATELIER_NVCC_ON_PATH)
file(GLOB _installed /usr/local/cuda-13*/bin/nvcc)
set(ATELIER_NVCC "")
foreach(_nvcc "$ENV{CUDACXX}" "$ENV{CUDA_PATH}/bin/nvcc" "$ENV{CUDA_HOME}/bin/nvcc"
        "${ATELIER_NVCC_ON_PATH}" /usr/local/cuda/bin/nvcc ${_installed}
        "${PROJECT_SOURCE_DIR}/.deps/cuda/nvidia/cu13/bin/nvcc")
  if(NOT ATELIER_NVCC AND EXISTS "${_nvcc}")
    execute_process(COMMAND "${_nvcc}" --version OUTPUT_VARIABLE _out ERROR_QUIET)
    if(_out MATCHES "release 13\\.")
      set(ATELIER_NVCC "${_nvcc}")
    endif()
  endif()
endforeach()

if(NOT ATELIER_NVCC)
  if(ATELIER_CUDA STREQUAL "ON")
    message(FATAL_ERROR "ATELIER_CUDA=ON needs nvcc 13: put it on the PATH, or run "
                        "ATELIER_CUDA=ON scripts/setup.sh.")
  endif()
  message(STATUS "CUDA: no nvcc 13, building for the CPU only")
  return()
endif()

# A .cu file is compiled for every architecture, so CMake must not choose its own.
set(CMAKE_CUDA_ARCHITECTURES "${ATELIER_CUDA_ARCHITECTURES}")
set(CMAKE_CUDA_COMPILER "${ATELIER_NVCC}")
set(CMAKE_CUDA_STANDARD 20)
set(CMAKE_CUDA_STANDARD_REQUIRED ON)
# The shared runtime: torch brings the same one, and two runtimes in a process waste memory.
set(CMAKE_CUDA_RUNTIME_LIBRARY Shared)
enable_language(CUDA)
find_package(CUDAToolkit 13 REQUIRED)

set(ATELIER_WITH_CUDA ON)
target_link_libraries(atelier_cudart INTERFACE CUDA::cudart)
