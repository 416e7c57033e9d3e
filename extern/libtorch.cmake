# SPDX-License-Identifier: Apache-2.0
# Gives atelier::torch, an imported target of our own over the libraries of the PyTorch wheel: the
# wheel's find_package(Torch) demands a whole CUDA toolkit, also where only the CPU part is used.
# Looks in ATELIER_LIBTORCH, then in .deps/libtorch, which scripts/setup.sh fills.

set(_root "${ATELIER_LIBTORCH}")
if(NOT _root AND DEFINED ENV{ATELIER_LIBTORCH})
  set(_root "$ENV{ATELIER_LIBTORCH}")
endif()
if(NOT _root)
  set(_root "${PROJECT_SOURCE_DIR}/.deps/libtorch/torch")
endif()
if(NOT EXISTS "${_root}/include/ATen/ATen.h" AND EXISTS "${_root}/torch/include/ATen/ATen.h")
  set(_root "${_root}/torch")  # the folder that holds torch was named
endif()
if(NOT EXISTS "${_root}/include/ATen/ATen.h" OR NOT EXISTS "${_root}/lib/libtorch_cpu.so")
  message(FATAL_ERROR "No LibTorch in '${_root}'. Run scripts/setup.sh, or set ATELIER_LIBTORCH "
                      "to a torch folder that has include/ and lib/.")
endif()
set(ATELIER_TORCH_ROOT "${_root}")

# The .cu files are of use only with a torch that knows CUDA and finds all of its libraries.
if(ATELIER_WITH_CUDA)
  set(_why "")
  if(NOT EXISTS "${_root}/lib/libtorch_cuda.so")
    set(_why "this LibTorch is a CPU-only one")
  else()
    # Its linear algebra is loaded when first used, too late for a clear message.
    file(GLOB _cuda_libs "${_root}/lib/libtorch_cuda*.so")
    execute_process(
      COMMAND "${CMAKE_COMMAND}" -E env "LD_LIBRARY_PATH=${CUDAToolkit_LIBRARY_DIR}"
              ldd ${_cuda_libs}
      OUTPUT_VARIABLE _out ERROR_QUIET)
    string(REGEX MATCHALL "[^ \t\n]+ => not found" _missing "${_out}")
    list(REMOVE_DUPLICATES _missing)
    if(_missing)
      list(JOIN _missing ", " _missing)
      set(_why "LibTorch lacks libraries (${_missing}); scripts/setup.sh fetches them")
    endif()
  endif()
  if(_why AND ATELIER_CUDA STREQUAL "ON")
    message(FATAL_ERROR "ATELIER_CUDA=ON, but ${_why}.")
  elseif(_why)
    message(STATUS "CUDA: ${_why}; building for the CPU only")
    set(ATELIER_WITH_CUDA OFF)
    set_property(TARGET atelier_cudart PROPERTY INTERFACE_LINK_LIBRARIES "")
  endif()
endif()

add_library(atelier_torch INTERFACE)
add_library(atelier::torch ALIAS atelier_torch)

# -idirafter, not -isystem: the wheel carries its own fmt (and more), and the system's must win.
# It marks the folders as system ones too, so that torch's warnings stay torch's.
target_compile_options(atelier_torch INTERFACE
  "$<$<COMPILE_LANGUAGE:CXX>:SHELL:-idirafter \"${_root}/include\">"
  "$<$<COMPILE_LANGUAGE:CXX>:SHELL:-idirafter \"${_root}/include/torch/csrc/api/include\">")

set(_libs torch_cpu c10)
set(_rpath "${_root}/lib")
if(ATELIER_WITH_CUDA)
  # libtorch itself is only a shell around torch_cpu and torch_cuda. The latter and what it needs take a sixth of the
  # time to the first picture and are of use with a driver alone: src/ops/device.cpp loads it then.
  list(APPEND _libs c10_cuda)
  # The toolkit's folder: what the wheel does not find beside itself (cuBLAS, cuDNN, NCCL, ...).
  list(APPEND _rpath "${CUDAToolkit_LIBRARY_DIR}")
  # The second folder has what the toolkit lacks, when setup.sh fetched it.
  foreach(_dir IN LISTS CUDAToolkit_INCLUDE_DIRS ITEMS "${_root}/../nvidia/cu13/include")
    target_compile_options(atelier_torch INTERFACE
      "$<$<COMPILE_LANGUAGE:CXX>:SHELL:-idirafter \"${_dir}\">")
  endforeach()
endif()

# --no-as-needed: programs that refer to nothing of torch by name get its BLAS all the same, see below.
# --disable-new-dtags: an RPATH (not RUNPATH) also serves the libraries that torch's own look for.
# Options come before all libraries, so torch is the first that a program needs and sgemm_ and its kin
# are torch's own (MKL) for the whole process. After libdlib and its reference BLAS, torch itself would
# multiply matrices with the latter (tests/unit/blas_test.cpp).
set(_link "SHELL:-Wl,--disable-new-dtags -Wl,--allow-shlib-undefined -Wl,--push-state,--no-as-needed")
foreach(_lib IN LISTS _libs)
  string(APPEND _link " \"${_root}/lib/lib${_lib}.so\"")
endforeach()
string(APPEND _link " -Wl,--pop-state")
target_link_options(atelier_torch INTERFACE "${_link}")
foreach(_dir IN LISTS _rpath)
  target_link_options(atelier_torch INTERFACE "LINKER:-rpath,${_dir}")
endforeach()
