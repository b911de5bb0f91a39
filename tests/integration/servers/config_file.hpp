#pragma once
#include <string>

namespace pushlab::test {

// A configuration file that lasts as long as this object.
class ConfigFile {
 public:
  explicit ConfigFile(std::string const& toml);
  ~ConfigFile();
  ConfigFile(ConfigFile const&) = delete;

  std::string const& path() const { return path_; }

 private:
  std::string path_ = "/tmp/pushlab-XXXXXX";
};

}  // namespace pushlab::test
