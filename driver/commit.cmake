cmake_minimum_required(VERSION 3.25)
# Writes commit.hpp: which commit is being built, and whether tracked files differ from it. Run at
# every build; the file changes, and with it one small translation unit, only when the answer does.
execute_process(COMMAND git -C ${SOURCE} rev-parse --short=12 HEAD
  OUTPUT_VARIABLE COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE FAILED)
if(FAILED)
  set(COMMIT unknown)
endif()
execute_process(COMMAND git -C ${SOURCE} status --porcelain --untracked-files=no
  OUTPUT_VARIABLE CHANGES ERROR_QUIET)
if(CHANGES STREQUAL "")
  set(DIRTY 0)
else()
  set(DIRTY 1)
endif()
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "#pragma once
#define PUSHLAB_COMMIT \"@COMMIT@\"
#define PUSHLAB_DIRTY @DIRTY@
" @ONLY)
