// The load generator notices when it is itself the bottleneck: each disturbance here is real.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <csignal>
#include <optional>

#include "driver/target.hpp"
#include "driver/target_process.hpp"
#include "driver/temporary_folder.hpp"
#include "loadgen/load.hpp"
#include "loadgen/loop/clock.hpp"

namespace {

using namespace pushlab;

class Server {
 public:
  Server() : process_(target_, options()) {}

  loadgen::LoadPlan plan() const {
    loadgen::LoadPlan plan;
    plan.client_url = process_.client_base() + "/events?events={events}";
    plan.ingest.url = process_.ingest_base() + "/notify";
    plan.clients = 10;
    plan.arrivals = loadgen::Arrivals::fixed;
    plan.rate = 50;
    plan.settle_s = 0.1;
    plan.warmup_s = 0.1;
    plan.measure_s = 1;
    plan.drain_s = 1;
    return plan;
  }

 private:
  driver::TargetProcess::Options options() const {
    ::unsetenv("PUSHLAB_FAULTS");
    driver::TargetProcess::Options options;
    options.folder = folder_.path();
    options.log = folder_.path() / "server.log";
    return options;
  }

  driver::TemporaryFolder folder_;
  driver::Target target_ = driver::parse_target(
      "title = \"right\"\nstrategy = \"sse\"\n[start]\ncommand = [\"" FAULTY_SERVER "\"]\n",
      "right.toml");
  driver::TargetProcess process_;
};

std::string verdict_in(boost::json::object const& load, std::string_view name) {
  for (auto const& check : load.at("generator").at("checks").as_array())
    if (check.at("check").as_string() == name) return check.at("verdict").as_string().c_str();
  return "missing";
}

// Burns its thread, which is the load generator's, while the run is measured.
struct Burner : loadgen::LoadObserver {
  void phase(loadgen::Phase phase, std::int64_t) override {
    measures_ = phase == loadgen::Phase::measure;
  }
  bool stop_requested() const override {
    auto const end = loadgen::now_ns() + 20'000'000;
    while (measures_ && loadgen::now_ns() < end) {
    }
    return false;
  }

 private:
  bool measures_ = false;
};

TEST(GeneratorChecks, trip_when_the_rate_is_impossible) {
  Server const server;
  auto plan = server.plan();
  plan.rate = 100'000;
  plan.measure_s = 0.2;
  plan.clients = 1;
  plan.drain_s = 0;
  loadgen::LoadObserver observer;
  auto const load = loadgen::to_json(loadgen::run_load(plan, observer));
  EXPECT_EQ(verdict_in(load, "send_rate"), "invalid");
  EXPECT_FALSE(load.at("generator").at("valid").as_bool());
}

TEST(GeneratorChecks, trip_when_the_core_is_used_up) {
  Server const server;
  Burner observer;
  auto const load = loadgen::to_json(loadgen::run_load(server.plan(), observer));
  // On a busy machine the generator does not even get the core that it would use up.
  EXPECT_TRUE(verdict_in(load, "cpu") == "invalid" ||
              verdict_in(load, "run_queue_wait") == "invalid");
  EXPECT_FALSE(load.at("generator").at("valid").as_bool());
}

// A process that computes on one core until it is destroyed.
class Hog {
 public:
  explicit Hog(std::size_t core) : pid_(::fork()) {
    if (pid_ != 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    pin(core);
    while (loadgen::now_ns() > 0) {
    }
  }
  ~Hog() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  Hog(Hog const&) = delete;
  Hog& operator=(Hog const&) = delete;

  static void pin(std::size_t core) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(core, &set);
    ::sched_setaffinity(0, sizeof set, &set);
  }

 private:
  pid_t pid_;
};

TEST(GeneratorChecks, trip_when_others_compute_on_its_core) {
  Server const server;
  cpu_set_t before;
  ::sched_getaffinity(0, sizeof before, &before);
  std::size_t core = 0;
  while (!CPU_ISSET(core, &before)) ++core;
  Hog const first(core), second(core);
  Hog::pin(core);
  Burner observer;
  auto const load = loadgen::to_json(loadgen::run_load(server.plan(), observer));
  ::sched_setaffinity(0, sizeof before, &before);
  EXPECT_EQ(verdict_in(load, "run_queue_wait"), "invalid");
}

// Writes a byte when the measured phase begins.
struct Herald : loadgen::LoadObserver {
  explicit Herald(int to) : to_(to) {}
  void phase(loadgen::Phase phase, std::int64_t) override {
    if (phase == loadgen::Phase::measure && ::write(to_, "m", 1) != 1) ::_exit(1);
  }

 private:
  int to_;
};

// A load in a process of its own that can be stopped: "m" when it measures, then its result.
class LoadProcess {
 public:
  explicit LoadProcess(loadgen::LoadPlan const& plan) {
    EXPECT_EQ(::pipe2(pipe_, O_CLOEXEC), 0);
    pid_ = ::fork();
    if (pid_ != 0) {
      ::close(pipe_[1]);
      return;
    }
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    Herald observer(pipe_[1]);
    auto const text = boost::json::serialize(loadgen::to_json(loadgen::run_load(plan, observer)));
    for (std::size_t at = 0; at < text.size();) {
      auto const size = ::write(pipe_[1], text.data() + at, text.size() - at);
      if (size <= 0) ::_exit(1);
      at += static_cast<std::size_t>(size);
    }
    ::_exit(0);
  }
  ~LoadProcess() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    ::close(pipe_[0]);
  }
  LoadProcess(LoadProcess const&) = delete;
  LoadProcess& operator=(LoadProcess const&) = delete;

  // At most `most` bytes; "" at the end or after 20 s.
  std::string read(std::size_t most) {
    pollfd wait{pipe_[0], POLLIN, 0};
    if (::poll(&wait, 1, 20'000) != 1) return {};
    std::string text(most, '\0');
    auto const size = ::read(pipe_[0], text.data(), most);
    text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return text;
  }
  void stand_still(int ms) {
    ::kill(pid_, SIGSTOP);
    ::poll(nullptr, 0, ms);
    ::kill(pid_, SIGCONT);
  }

 private:
  int pipe_[2]{};
  pid_t pid_ = -1;
};

TEST(GeneratorChecks, trip_when_the_generator_stood_still) {
  Server const server;
  LoadProcess load(server.plan());
  ASSERT_EQ(load.read(1), "m");
  load.stand_still(300);
  std::string text;
  for (auto part = load.read(65536); !part.empty(); part = load.read(65536)) text += part;
  auto const result = boost::json::parse(text).as_object();
  EXPECT_EQ(verdict_in(result, "lag"), "invalid");
  EXPECT_EQ(verdict_in(result, "loop_delay"), "invalid");
  EXPECT_EQ(verdict_in(result, "send_rate"), "ok");  // all left, if late
  for (auto const& check : result.at("generator").at("checks").as_array()) {
    auto const name = check.at("check").as_string();
    if (name != "lag" && name != "loop_delay") continue;
    EXPECT_GT(check.at("value").to_number<double>(), 200) << name;
    EXPECT_LT(check.at("value").to_number<double>(), 1000) << name;
  }
}

}  // namespace
