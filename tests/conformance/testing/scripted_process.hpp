#pragma once

#include <functional>

#include "tests/conformance/engine/process_hold.hpp"

namespace pushlab::conformance::testing {

// The process of a scripted endpoint: each thing that is done to it calls a function of the test.
class ScriptedProcess final : public ProcessHold {
 public:
  std::function<void()> on_terminate = [] {};
  std::function<void()> on_kill = [] {};
  std::function<void()> on_restart = [] {};
  std::function<std::int64_t()> rss = [] { return 1 << 20; };
  std::function<int()> open_sockets = [] { return 1; };
  bool ends = true;  // when it is told to
  std::string how_it_ends = "exit status 0";

  bool running() override { return running_; }
  void terminate() override {
    running_ = !ends;
    on_terminate();
  }
  void kill() override {
    running_ = false;
    on_kill();
  }
  bool ended_within(double, std::string& how) override {
    how = how_it_ends;
    return !running_;
  }
  void restart() override {
    on_restart();
    running_ = true;
  }
  std::int64_t rss_bytes() override { return rss(); }
  int sockets() override { return open_sockets(); }

 private:
  bool running_ = true;
};

}  // namespace pushlab::conformance::testing
