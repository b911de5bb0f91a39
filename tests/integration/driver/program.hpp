#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "driver/process.hpp"
#include "driver/temporary_folder.hpp"

namespace pushlab::driver {

// pushlab itself, run as users run it.
struct Finished {
  ExitStatus status;
  std::string out;
  std::string err;
  std::vector<boost::json::object> lines() const;  // of the output, each a JSON object
};
Finished pushlab(std::vector<std::string> arguments);

std::string text_of(std::filesystem::path const& file);

// `pushlab serve` of one target until the end of the scope.
class Served {
 public:
  explicit Served(std::string const& target);
  ~Served() { stop(); }  // in order: a killed one would leave its folder behind
  Served(Served const&) = delete;
  Served& operator=(Served const&) = delete;
  std::string const& client() const { return client_; }
  std::string const& ingest() const { return ingest_; }
  int publish(std::string const& notification) const;  // the HTTP status
  ExitStatus stop() { return process_.stop(std::chrono::seconds(10)); }

 private:
  TemporaryFolder folder_;
  Process process_;
  std::string client_;
  std::string ingest_;
};

// A pushlab that runs beside the test, its output in a file.
class Background {
 public:
  explicit Background(std::vector<std::string> arguments);
  // Waits until the output holds the text; false after ten seconds.
  bool says(std::string const& text) const;
  pid_t pid() const { return process_.pid(); }
  bool ended() { return process_.wait(std::chrono::milliseconds(20)).has_value(); }
  Finished finish(std::chrono::seconds patience = std::chrono::seconds(60));

 private:
  TemporaryFolder folder_;
  Process process_;
};

}  // namespace pushlab::driver
