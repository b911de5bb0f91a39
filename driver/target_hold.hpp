#pragma once

#include <memory>
#include <string>

#include "driver/target.hpp"
#include "driver/target_process.hpp"
#include "driver/temporary_folder.hpp"
#include "tests/conformance/engine/process_hold.hpp"

namespace pushlab::driver {

// A target or proxy started for a run of the checker, in a temporary folder; ends with the object.
class TargetHold final : public conformance::ProcessHold {
 public:
  // `few`: without the rights of root, where pushlab has them.
  enum class Rights { own, few };
  // Throws TargetError, InputError.
  explicit TargetHold(Target target, Rights rights = Rights::own);

  std::string client_base() const { return process_->client_base(); }
  std::string ingest_base() const { return process_->ingest_base(); }
  pid_t pid() const { return process_->pid(); }

  bool running() override;
  void terminate() override;
  void kill() override;
  bool ended_within(double seconds, std::string& how) override;
  void restart() override;
  std::int64_t rss_bytes() override;
  int sockets() override;

 private:
  void start(std::string const& client_listen, std::string const& ingest_listen);

  Target target_;
  Rights rights_;
  TemporaryFolder folder_;
  int starts_ = 0;  // a log each: the ready line of an earlier start must not be read again
  std::unique_ptr<TargetProcess> process_;
};

}  // namespace pushlab::driver
