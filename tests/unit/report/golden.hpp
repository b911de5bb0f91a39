#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace pushlab::report {

inline std::string golden(std::string const& name) {
  std::ifstream file(std::string(PUSHLAB_GOLDEN) + "/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace pushlab::report
