# Most of what a file costs the compiler is the headers of others, so they are compiled once: for what is shipped, and with GoogleTest for the
# tests, which are not optimised. A file still includes all that it uses; -DPUSHLAB_PRECOMPILE=OFF builds without and shows which does not.
option(PUSHLAB_PRECOMPILE "Compile the headers that most files include once" ON)

set(test_options "$<$<CONFIG:Release>:-O0>")
set(shared_headers
  <boost/json.hpp> <fmt/format.h>
  <algorithm> <array> <chrono> <cmath> <functional> <map> <memory> <optional> <set> <string> <vector>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(for_ccache -fpch-preprocess)
  set(kinds pushlab_test_headers)  # an optimising GCC warns of what it finds in precompiled headers of the system
else()
  set(kinds pushlab_test_headers pushlab_headers pushlab_fuzzed_headers)
endif()

function(pushlab_headers name)
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/${name}.cpp CONTENT "")
  add_library(${name} OBJECT ${PROJECT_BINARY_DIR}/${name}.cpp)
  target_compile_options(${name} PRIVATE ${for_ccache})
  target_link_libraries(${name} PRIVATE pushlab::boost fmt::fmt GTest::gtest pushlab::warnings)
  target_precompile_headers(${name} PRIVATE ${ARGN})
endfunction()
if(PUSHLAB_PRECOMPILE)
  if(pushlab_headers IN_LIST kinds)
    pushlab_headers(pushlab_headers ${shared_headers})
    pushlab_headers(pushlab_fuzzed_headers ${shared_headers})
    if(PUSHLAB_FUZZ)
      target_compile_options(pushlab_fuzzed_headers PRIVATE -fsanitize=fuzzer-no-link)
    endif()
  endif()
  pushlab_headers(pushlab_test_headers <gtest/gtest.h> ${shared_headers})
  target_compile_options(pushlab_test_headers PRIVATE ${test_options})
endif()

# pushlab_precompile(TARGET [TEST|FUZZED]): for a library or program that includes most of them.
function(pushlab_precompile target)
  set(from pushlab_headers)
  if("${ARGN}" STREQUAL TEST)
    set(from pushlab_test_headers)
    target_compile_options(${target} PRIVATE ${test_options})
  elseif("${ARGN}" STREQUAL FUZZED)
    set(from pushlab_fuzzed_headers)
  endif()
  if(PUSHLAB_PRECOMPILE AND from IN_LIST kinds)
    target_compile_options(${target} PRIVATE ${for_ccache})
    target_link_libraries(${target} PRIVATE pushlab::boost fmt::fmt GTest::gtest)
    target_precompile_headers(${target} REUSE_FROM ${from})
  endif()
endfunction()
