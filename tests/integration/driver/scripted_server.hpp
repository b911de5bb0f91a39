#pragma once

#include <string>
#include <thread>
#include <vector>

namespace pushlab::driver {

// Answers one connection after the other with the given bytes, closes it, and keeps what was asked.
class ScriptedServer {
 public:
  explicit ScriptedServer(std::vector<std::string> answers);
  ~ScriptedServer();
  std::string url() const;
  // Valid once the client has ended.
  std::vector<std::string> const& requests();

 private:
  void serve();

  std::vector<std::string> answers_;
  std::vector<std::string> requests_;
  int listener_;
  int port_;
  std::thread thread_;
};

}  // namespace pushlab::driver
