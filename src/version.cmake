# SPDX-License-Identifier: Apache-2.0
# As a script (cmake -P): writes OUTPUT from INPUT with the commit of the checkout in SOURCE, and only if that differs,
# so that a new commit compiles one small file. Git must know SOURCE itself: a tree unpacked inside another project's
# checkout has no commit.
set(COMMIT "")
find_program(git git)
if(git AND EXISTS "${SOURCE}/.git")
  execute_process(COMMAND "${git}" -C "${SOURCE}" describe --always --abbrev=9 --exclude=* --dirty=+
    OUTPUT_VARIABLE COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
configure_file("${INPUT}" "${OUTPUT}" @ONLY)
