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

find_program(ATELIER_NVCC nvcc
  HINTS ENV CUDACXX ENV CUDA_PATH ENV CUDA_HOME
  PATHS /usr/local/cuda "${PROJECT_SOURCE_DIR}/.deps/cuda/nvidia/cu13"
  PATH_SUFFIXES bin)
set(_nvcc_version "")
if(ATELIER_NVCC)
  execute_process(COMMAND "${ATELIER_NVCC}" --version OUTPUT_VARIABLE _out ERROR_QUIET)
  if(_out MATCHES "release ([0-9]+)\\.([0-9]+)")
    set(_nvcc_version "${CMAKE_MATCH_1}.${CMAKE_MATCH_2}")
  endif()
endif()

if(NOT _nvcc_version MATCHES "^13\\.")
  if(ATELIER_CUDA STREQUAL "ON")
    message(FATAL_ERROR "ATELIER_CUDA=ON needs nvcc 13; found: '${ATELIER_NVCC}' ${_nvcc_version}. "
                        "Put it on the PATH or run scripts/setup.sh with ATELIER_CUDA=ON.")
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
