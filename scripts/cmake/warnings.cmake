# Linked PRIVATE by every target of ours. CMAKE_COMPILE_WARNING_AS_ERROR comes from the presets, never from here.
add_library(pushlab_warnings INTERFACE)
add_library(pushlab::warnings ALIAS pushlab_warnings)
target_compile_options(pushlab_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual)
