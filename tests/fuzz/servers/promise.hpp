#pragma once
#include <cstdlib>

// What a fuzz target holds true for every input; a broken one stops the fuzzer with the input.
inline void promise(bool kept) {
  if (!kept) std::abort();
}
