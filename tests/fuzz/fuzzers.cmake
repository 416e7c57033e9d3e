# SPDX-License-Identifier: Apache-2.0
# The fuzzers, bin/fuzz_<target>, of the preset `fuzz` alone (clang's libFuzzer). scripts/fuzz.sh runs them.
if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  message(FATAL_ERROR "ATELIER_FUZZ needs clang (packages clang-14 and libclang-rt-14-dev): cmake --preset fuzz")
endif()
set(_tests "${PROJECT_SOURCE_DIR}/tests")
foreach(_target model pickle zip safetensors npy picture session performance dataset_json network midi sound)
  set(_name fuzz_${_target})
  # Only what the targets need of prepare and nothing of dlib, which would take long to build.
  add_executable(${_name} "${_tests}/fuzz/fuzz_main.cpp")
  target_compile_definitions(${_name} PRIVATE ATELIER_FUZZ_TARGET=${_target})
  target_include_directories(${_name} PRIVATE "${_tests}")
  if(_target MATCHES "session|performance")
    target_sources(${_name} PRIVATE "${_tests}/fuzz/targets_studio.cpp")
    target_link_libraries(${_name} PRIVATE atelier_options atelier_studio_state)
  elseif(_target STREQUAL "network")
    target_sources(${_name} PRIVATE "${_tests}/fuzz/targets_network.cpp")
    target_link_libraries(${_name} PRIVATE atelier_options atelier_net)
  elseif(_target STREQUAL midi)
    target_sources(${_name} PRIVATE "${_tests}/fuzz/targets_midi.cpp")
    target_link_libraries(${_name} PRIVATE atelier_options atelier_inputs)
  elseif(_target STREQUAL sound)
    target_sources(${_name} PRIVATE "${_tests}/fuzz/targets_sound.cpp")
    target_link_libraries(${_name} PRIVATE atelier_options atelier_media)
  elseif(_target MATCHES "picture|dataset_json")
    target_sources(${_name} PRIVATE "${_tests}/fuzz/targets_pictures.cpp"
      "${PROJECT_SOURCE_DIR}/src/prepare/frames.cpp" "${PROJECT_SOURCE_DIR}/src/prepare/gif_frames.cpp"
      "${PROJECT_SOURCE_DIR}/src/prepare/heif.cpp" "${PROJECT_SOURCE_DIR}/src/prepare/pages.cpp"
      "${PROJECT_SOURCE_DIR}/src/prepare/picture_header.cpp" "${PROJECT_SOURCE_DIR}/src/prepare/png_frames.cpp"
      "${PROJECT_SOURCE_DIR}/src/prepare/webp_frames.cpp")
    target_link_libraries(${_name} PRIVATE atelier_options atelier_io atelier_base atelier::gif atelier::heif
      atelier::opencv atelier::webp atelier::zlib)
  else()
    target_sources(${_name} PRIVATE "${_tests}/fuzz/targets_io.cpp")
    target_link_libraries(${_name} PRIVATE atelier_options atelier_io)
  endif()
  target_link_options(${_name} PRIVATE -fsanitize=fuzzer)
  list(APPEND _fuzzers ${_name})
endforeach()
add_custom_target(fuzzers DEPENDS ${_fuzzers})
