#include <fmt/format.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <map>

#include "driver/proc_sampler.hpp"
#include "program.hpp"

namespace pushlab::driver {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

fs::path only_folder_in(fs::path const& folder) {
  std::vector<fs::path> found;
  for (auto const& entry : fs::directory_iterator(folder)) found.push_back(entry.path());
  EXPECT_EQ(found.size(), 1U);
  return found.empty() ? fs::path{} : found.front();
}

json::object result_in(fs::path const& out) {
  return json::parse(text_of(only_folder_in(out) / "result.json")).as_object();
}

// A folder with a scenario over targets that misbehave.
void write_scenario(fs::path const& folder, std::string const& targets,
                    std::map<std::string, std::string> const& starts, int rate = 20) {
  fs::create_directories(folder / "targets");
  std::ofstream(folder / "some.toml")
      << "title = \"some\"\ntargets = " << targets << "\nclients = 5\narrivals = \"fixed\"\n"
      << "rate = " << rate << "\nwarmup_s = 0.1\nmeasure_s = 1\ndrain_s = 2\n";
  for (auto const& [id, start] : starts)
    std::ofstream(folder / "targets" / (id + ".toml"))
        << "title = \"" << id << "\"\nstrategy = \"sse\"\n[start]\n"
        << start << "\n";
}

constexpr char const* our_sse =
    "command = [\"pushlab-sse\", \"--client-listen\", \"{client_listen}\", \"--ingest-listen\", "
    "\"{ingest_listen}\"]";

// What a set-up costs is told of streams, and only of them.
void expect_set_up(json::object const& repetition) {
  auto const strategy = repetition.at("strategy").as_string();
  bool const streams = strategy == "sse" || strategy == "websocket";
  auto const& direct = repetition.at("server").at("setup_cpu_us");
  EXPECT_EQ(repetition.contains("tls"), streams);
  EXPECT_EQ(direct.is_null(), !streams);
  if (!streams) return;
  EXPECT_GT(direct.to_number<double>(), 0);
  auto const& tls = repetition.at("tls").as_object();
  if (auto const* error = tls.if_contains("error")) {
    EXPECT_NE(error->as_string().find("is not installed"), std::string::npos) << tls;
  } else {
    EXPECT_GT(tls.at("server_cpu_us").to_number<double>(), 0);
    EXPECT_GT(tls.at("setup_cpu_us").to_number<double>(),
              tls.at("server_cpu_us").to_number<double>());
    EXPECT_GT(tls.at("resumed_cpu_us").to_number<double>(),
              tls.at("plain_cpu_us").to_number<double>());
  }
}

// The others in it have a test of their own, side by side.
TEST(Run, carries_the_smoke_scenario_over_many_targets_without_loss) {
  TemporaryFolder const out;
  auto const run = pushlab(
      {"run", "scenarios/smoke.toml", "--allow-debug", "--out", out.path().string(), "--targets",
       "sse,websocket,websocketpp,long-poll,short-poll,reload,nchan-sse,nchan-websocket,"
       "nchan-long-poll"});
  // A busy machine makes a run invalid, never lossy.
  EXPECT_TRUE(run.status.code == 0 || run.status.code == 3) << run.status.text() << run.err;
  auto const result = result_in(out.path());
  EXPECT_EQ(result.at("schema").as_string(), "pushlab.result/1");
  auto const& targets = result.at("targets").as_array();
  EXPECT_EQ(targets.size() + result.at("skipped").as_array().size(), 9U);
  EXPECT_GE(targets.size(), 6U);  // ours; nchan's three may be skipped
  for (auto const& value : targets) {
    auto const& target = value.as_object();
    SCOPED_TRACE(json::serialize(target.at("id")));
    auto const& repetition = target.at("repetitions").at(0).as_object();
    ASSERT_TRUE(repetition.at("error").is_null()) << json::serialize(repetition.at("error"));
    EXPECT_EQ(repetition.at("expected").to_number<int>(), 20 * 10);  // 2 names, 1 of them each
    EXPECT_EQ(repetition.at("delivered"), repetition.at("expected"));
    EXPECT_EQ(repetition.at("duplicates").to_number<int>(), 0);
    EXPECT_GT(repetition.at("server").at("rss_kib_idle").to_number<int>(), 0);
    EXPECT_TRUE(target.at("figures").is_object());
    expect_set_up(repetition);
  }
  EXPECT_GT(fs::file_size(only_folder_in(out.path()) / "report.html"), 1000U);
  EXPECT_NE(run.out.find("report.html"), std::string::npos);
}

TEST(Run, records_a_failed_repetition_and_goes_on) {
  TemporaryFolder const folder;
  write_scenario(folder.path() / "scenarios", R"(["good", "crashing", "silent"])",
                 {{"good", our_sse},
                  {"crashing", R"(command = ["sh", "-c", "echo no such port >&2; exit 3"])"},
                  {"silent", "command = [\"sleep\", \"600\"]\ndeadline_s = 0.1"}});
  auto const out = folder.path() / "out";
  auto const run = pushlab({"run", (folder.path() / "scenarios/some.toml").string(),
                            "--allow-debug", "--out", out.string()});
  EXPECT_EQ(run.status.code, 3) << run.err;
  std::map<std::string, std::string> errors;
  auto const result = result_in(out);
  for (auto const& target : result.at("targets").as_array())
    errors[target.at("id").as_string().c_str()] =
        json::serialize(target.at("repetitions").at(0).at("error"));
  EXPECT_EQ(errors["good"], "null");
  EXPECT_NE(errors["crashing"].find("exit status 3"), std::string::npos) << errors["crashing"];
  EXPECT_NE(errors["crashing"].find("no such port"), std::string::npos) << errors["crashing"];
  EXPECT_NE(errors["silent"].find("not ready within 0.1 s"), std::string::npos) << errors["silent"];
  EXPECT_FALSE(result.at("run").at("valid").as_bool());
}

// A server that stands still for 300 ms in its first starts: events leave late, and the
// load generator says so. Which start it is, a file tells.
std::string stalls_in_its_first_starts(fs::path const& starts, int count) {
  return fmt::format(
      R"(command = ["sh", "-c", """
echo start >>{0}
[ $(wc -l <{0}) -gt {1} ] || export PUSHLAB_FAULTS='stall_at=200 stall_ms=300'
exec {2} --client-listen {{client_listen}} --ingest-listen {{ingest_listen}}"""])",
      starts.string(), count, FAULTY_SERVER);
}

double lag_in(json::value const& checks) {
  for (auto const& check : checks.as_array())
    if (check.at("check").as_string() == "lag") return check.at("value").to_number<double>();
  return 0;
}

struct StalledRun {
  explicit StalledRun(int stalls) {
    write_scenario(folder.path() / "scenarios", R"(["good"])",
                   {{"good", stalls_in_its_first_starts(folder.path() / "starts", stalls)}}, 500);
    auto const out = folder.path() / "out";
    run = pushlab({"run", (folder.path() / "scenarios/some.toml").string(), "--allow-debug",
                   "--out", out.string()});
    recorded = only_folder_in(out);
    auto const result = result_in(out);
    target = result.at("targets").at(0).as_object();
    repetition = target.at("repetitions").at(0).as_object();
    starts = text_of(folder.path() / "starts");
  }

  TemporaryFolder folder;
  Finished run;
  fs::path recorded;
  json::object target;
  json::object repetition;
  std::string starts;
};

TEST(Run, measures_once_more_what_only_the_generator_does_not_vouch_for) {
  StalledRun const seen(1);
  EXPECT_EQ(seen.starts, "start\nstart\n");
  EXPECT_NE(seen.run.err.find("good, block 1 is measured again: "), std::string::npos)
      << seen.run.err;
  ASSERT_TRUE(seen.repetition.at("error").is_null()) << seen.repetition.at("error");
  ASSERT_EQ(seen.repetition.at("discarded").as_array().size(), 1U);
  auto const& first = seen.repetition.at("discarded").at(0).as_object();
  EXPECT_FALSE(first.contains("histograms"));
  EXPECT_NE(first.at("started"), seen.repetition.at("started"));
  // The lag of the first try is not in the second's.
  EXPECT_LT(lag_in(seen.repetition.at("generator").at("checks")), lag_in(first.at("checks")));
  EXPECT_NE(json::serialize(seen.target.at("remarks")).find("Block 1 was measured again: "),
            std::string::npos);
  EXPECT_NE(text_of(seen.recorded / "report.html").find("Block 1 was measured again: "),
            std::string::npos);
  EXPECT_TRUE(fs::exists(seen.recorded / "good-1.server.log"));
  EXPECT_TRUE(fs::exists(seen.recorded / "good-1-again.server.log"));
}

TEST(Run, stays_invalid_when_the_second_try_is_no_better) {
  StalledRun const seen(2);
  EXPECT_EQ(seen.starts, "start\nstart\n");
  EXPECT_EQ(seen.run.status.code, 3) << seen.run.err;
  EXPECT_FALSE(seen.target.at("valid").as_bool());
  EXPECT_EQ(seen.repetition.at("discarded").as_array().size(), 1U);
}

TEST(Run, names_the_target_that_was_meant) {
  auto const run = pushlab({"run", "scenarios/smoke.toml", "--allow-debug", "--targets", "ssse"});
  EXPECT_EQ(run.status.code, 2);
  EXPECT_NE(run.err.find("did you mean sse?"), std::string::npos) << run.err;
}

TEST(Run, records_figures_from_the_release_build_only) {
  if (std::string(PUSHLAB_BUILD_TYPE) == "Release") GTEST_SKIP() << "this is the release build";
  auto const run = pushlab({"run", "scenarios/smoke.toml"});
  EXPECT_EQ(run.status.code, 2);
  EXPECT_NE(run.err.find("cmake --preset release"), std::string::npos) << run.err;
}

// `pushlab run` without a guard of this test around it, in the middle of a repetition.
class RunningDriver {
 public:
  RunningDriver() {
    write_scenario(folder_.path(), R"(["good"])", {{"good", our_sse}});
    auto const scenario = (folder_.path() / "some.toml").string();
    auto const out = (folder_.path() / "out").string();
    pid_ = ::fork();
    if (pid_ == 0) {
      ::execl(PUSHLAB_PROGRAM, PUSHLAB_PROGRAM, "run", scenario.c_str(), "--allow-debug", "--out",
              out.c_str(), nullptr);
      ::_exit(127);
    }
    // The driver, two guards, the server, the load generator.
    for (int tries = 0; tries < 10000 && tree_.size() < 5; ++tries) {
      tree_ = ProcSampler(pid_).tree();
      ::poll(nullptr, 0, 1);
    }
    for (pid_t const pid : tree_)
      handles_.push_back(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  }
  ~RunningDriver() {
    for (int const handle : handles_) ::close(handle);
  }

  int signal(int number) {
    int status = 0;
    ::kill(pid_, number);
    ::waitpid(pid_, &status, 0);
    return status;
  }
  bool all_there() const { return tree_.size() >= 5; }
  // Of each guard: the signals it ignores, a bit each.
  std::vector<unsigned long> ignored_by_guards() const {
    std::vector<unsigned long> masks;
    for (pid_t const pid : tree_) {
      auto const status = text_of(fmt::format("/proc/{}/status", pid));
      constexpr std::string_view field = "SigIgn:\t";
      // Its child has its name until it becomes another program, but not a session of its own.
      if (status.starts_with("Name:\tpushlab-guard\n") && ::getsid(pid) == pid)
        masks.push_back(std::stoul(status.substr(status.find(field) + field.size(), 16), {}, 16));
    }
    return masks;
  }
  bool all_gone() const {
    for (int const handle : handles_) {
      pollfd wait{handle, POLLIN, 0};
      if (handle >= 0 && ::poll(&wait, 1, 10000) != 1) return false;
    }
    return true;
  }

 private:
  TemporaryFolder folder_;
  pid_t pid_;
  std::vector<pid_t> tree_;
  std::vector<int> handles_;
};

TEST(Run, leaves_nothing_behind_when_killed) {
  RunningDriver driver;
  ASSERT_TRUE(driver.all_there());
  driver.signal(SIGKILL);
  EXPECT_TRUE(driver.all_gone());
}

TEST(Run, leaves_nothing_behind_when_interrupted) {
  RunningDriver driver;
  ASSERT_TRUE(driver.all_there());
  int const status = driver.signal(SIGINT);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 128 + SIGINT);
  EXPECT_TRUE(driver.all_gone());
}

// In the folder of a run in this one.
bool holds_file(fs::path const& folder, std::string const& name) {
  std::error_code not_yet;
  for (auto const& run : fs::directory_iterator(folder, not_yet))
    if (fs::exists(run.path() / name)) return true;
  return false;
}

TEST(Run, records_what_was_measured_until_an_interrupt) {
  TemporaryFolder const folder;
  auto const out = folder.path() / "out";
  write_scenario(folder.path(), R"(["good"])", {{"good", our_sse}});
  std::ofstream(folder.path() / "some.toml", std::ios::app) << "repetitions = 100\n";
  Background run(
      {"run", (folder.path() / "some.toml").string(), "--allow-debug", "--out", out.string()});
  for (int tries = 0; tries < 30000 && !holds_file(out, "good-3.server.log"); ++tries)
    ::poll(nullptr, 0, 1);
  ::kill(run.pid(), SIGINT);
  auto const seen = run.finish();
  EXPECT_EQ(seen.status.code, 128 + SIGINT) << seen.status.text();
  EXPECT_NE(seen.err.find("until then are recorded"), std::string::npos) << seen.err;
  auto const result = result_in(out);
  EXPECT_TRUE(result.at("run").at("interrupted").as_bool());
  EXPECT_GE(result.at("targets").at(0).at("repetitions").as_array().size(), 2U);
  for (auto const& repetition : result.at("targets").at(0).at("repetitions").as_array())
    EXPECT_TRUE(repetition.at("error").is_null()) << repetition;
}

// `pkill -f` finds them by the driver's command line; without them a server's children would stay.
TEST(Run, has_guards_that_end_with_the_driver_only) {
  RunningDriver driver;
  ASSERT_TRUE(driver.all_there());
  auto const masks = driver.ignored_by_guards();
  EXPECT_EQ(masks.size(), 2U);
  for (auto const mask : masks)
    for (int const number : {SIGINT, SIGTERM}) EXPECT_NE(mask >> (number - 1) & 1, 0U) << number;
  driver.signal(SIGINT);
  EXPECT_TRUE(driver.all_gone());
}

// The folder of a run that was recorded in this one.
fs::path recorded_in(fs::path const& folder) {
  write_scenario(folder / "scenarios", R"(["good"])", {{"good", our_sse}});
  auto const out = folder / "out";
  pushlab(
      {"run", (folder / "scenarios/some.toml").string(), "--allow-debug", "--out", out.string()});
  return only_folder_in(out);
}

TEST(Report, computes_the_same_figures_again) {
  TemporaryFolder const folder;
  auto const run = recorded_in(folder.path());
  fs::remove(run / "report.html");
  auto const report = pushlab({"report", run.string()});
  EXPECT_EQ(report.status.code, 0) << report.err;
  EXPECT_NE(report.out.find("good"), std::string::npos);
  EXPECT_TRUE(fs::exists(run / "report.html"));
}

TEST(Report, takes_up_the_matrix_of_proxies_that_lies_in_the_folder_of_the_run) {
  TemporaryFolder const folder;
  auto const run = recorded_in(folder.path());
  auto const matrix =
      pushlab({"conform", "--matrix", "--via", "hitch:tuned", "--out", run.string()});
  ASSERT_EQ(matrix.status.code, 0) << matrix.err;
  EXPECT_EQ(pushlab({"report", run.string()}).status.code, 0);
  EXPECT_NE(text_of(run / "report.html").find("What proxies do to streams"), std::string::npos);
  auto const wrong = pushlab({"report", run.string(), "--matrix", (run / "result.json").string()});
  EXPECT_EQ(wrong.status.code, 2);
  EXPECT_NE(wrong.err.find("there are no tables in it"), std::string::npos) << wrong.err;
}

TEST(Load, measures_a_running_server_and_its_process) {
  Served server("sse");
  auto const pid = std::to_string(::getpid());  // any process will do
  auto const load = pushlab({"load",
                             "--strategy",
                             "sse",
                             "--client-url",
                             server.client(),
                             "--ingest-url",
                             server.ingest(),
                             "--clients",
                             "10",
                             "--rate",
                             "20",
                             "--duration",
                             "1",
                             "--warmup",
                             "0.1",
                             "--drain",
                             "2",
                             "--server-pid",
                             pid,
                             "--json"});
  EXPECT_TRUE(load.status.code == 0 || load.status.code == 3) << load.err;
  auto const result = json::parse(load.out).as_object();
  EXPECT_EQ(result.at("delivered"), result.at("expected"));
  EXPECT_GT(result.at("delivered").to_number<int>(), 0);
  EXPECT_GT(result.at("server").at("threads").to_number<int>(), 0);
  EXPECT_TRUE(result.at("series").at(0).as_object().contains("server_cpu_share"));
  EXPECT_EQ(server.stop().code, 0);
}

TEST(Load, rejects_unusable_flags) {
  auto const load = pushlab({"load", "--client-url", "http://127.0.0.1:1", "--ingest-url",
                             "http://127.0.0.1:1", "--strategy", "telegraph"});
  EXPECT_EQ(load.status.code, 2);
  auto const no_strategy =
      pushlab({"load", "--client-url", "http://127.0.0.1:1", "--ingest-url", "http://127.0.0.1:1"});
  EXPECT_EQ(no_strategy.status.code, 2);
  EXPECT_NE(no_strategy.err.find("--strategy"), std::string::npos) << no_strategy.err;
}

TEST(List, names_targets_and_scenarios) {
  auto const list = pushlab({"list", "--json"});
  EXPECT_EQ(list.status.code, 0) << list.err;
  auto const facts = json::parse(list.out).as_object();
  EXPECT_GE(facts.at("targets").as_array().size(), 9U);
  EXPECT_GE(facts.at("scenarios").as_array().size(), 3U);
}

}  // namespace
}  // namespace pushlab::driver
