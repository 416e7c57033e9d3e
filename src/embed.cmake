# SPDX-License-Identifier: Apache-2.0
# atelier_embed(<target> <header.h> FILES ...): puts files into the program at build time.
# The target can then include "<header.h>", which declares for each file, in namespace
# atelier::embedded, a std::string_view of its bytes, named after the file: screen.frag becomes
# screen_frag. Run as a script (cmake -P) this file writes one such .cpp.

if(CMAKE_SCRIPT_MODE_FILE)
  file(READ "${INPUT}" hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)" "\\1\n" bytes "${bytes}")
  # The closing zero is not part of the view: it lets text be handed on as a C string.
  file(WRITE "${OUTPUT}"
    "#include \"${HEADER}\"\n"
    "namespace {\n"
    "const unsigned char bytes[] = {\n${bytes}0};\n"
    "}\n"
    "const std::string_view atelier::embedded::${NAME}{\n"
    "    reinterpret_cast<const char*>(bytes), sizeof(bytes) - 1};\n")
  return()
endif()

set(ATELIER_EMBED_SCRIPT "${CMAKE_CURRENT_LIST_FILE}")

function(atelier_embed target header)
  cmake_parse_arguments(arg "" "" "FILES" ${ARGN})
  set(dir "${CMAKE_CURRENT_BINARY_DIR}/embedded")
  set(declarations "")
  foreach(file IN LISTS arg_FILES)
    get_filename_component(file "${file}" ABSOLUTE)
    get_filename_component(name "${file}" NAME)
    string(MAKE_C_IDENTIFIER "${name}" name)
    string(APPEND declarations "extern const std::string_view ${name};\n")
    add_custom_command(OUTPUT "${dir}/${name}.cpp"
      COMMAND "${CMAKE_COMMAND}" "-DINPUT=${file}" "-DOUTPUT=${dir}/${name}.cpp"
              "-DHEADER=${header}" "-DNAME=${name}" -P "${ATELIER_EMBED_SCRIPT}"
      DEPENDS "${file}" "${ATELIER_EMBED_SCRIPT}" VERBATIM)
    target_sources(${target} PRIVATE "${dir}/${name}.cpp")
    # Not torch's business, and the arrays compile faster without the precompiled header.
    set_source_files_properties("${dir}/${name}.cpp" PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
  endforeach()
  file(CONFIGURE OUTPUT "${dir}/${header}" CONTENT
"#pragma once
#include <string_view>
namespace atelier::embedded {
${declarations}}
")
  target_include_directories(${target} PRIVATE "${dir}")
endfunction()
