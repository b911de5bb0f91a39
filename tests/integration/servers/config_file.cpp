#include "tests/integration/servers/config_file.hpp"

#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

namespace pushlab::test {

ConfigFile::ConfigFile(std::string const& toml) {
  auto const file = ::mkstemp(path_.data());
  auto const n = ::write(file, toml.data(), toml.size());
  ::close(file);
  if (n != static_cast<ssize_t>(toml.size())) throw std::runtime_error("cannot write " + path_);
}

ConfigFile::~ConfigFile() {
  ::unlink(path_.c_str());
}

}  // namespace pushlab::test
