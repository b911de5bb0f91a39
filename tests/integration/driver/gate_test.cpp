#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <fstream>

#include "program.hpp"

namespace pushlab::driver {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

// A gate of two seconds a restart that forgives any slowness: what is tested is the way, not the
// machine.
constexpr char const* lenient = R"(title = "tiny"
targets = ["sse"]
clients = 20
pairs_per_s = 20
warmup_s = 0.1
measure_s = 1
crowd = 300
probes = 20
counts = false
[looks]
restarts = [2, 3, 4]
[limits]
event_p50_ms = { tolerance = 9, limit = 10 }
event_p90_ms = { tolerance = 9, limit = 10 }
event_last_ms = { tolerance = 9, limit = 10 }
stalled_events = { tolerance = 9, limit = 10 }
cpu_us_per_delivery = { tolerance = 9, limit = 10 }
setup_us = { tolerance = 9, limit = 10 }
setup_cpu_us = { tolerance = 9, limit = 10 }
get_us = { tolerance = 9, limit = 10 }
cpu_us_per_get = { tolerance = 9, limit = 10 }
memory_kib_per_connection = { tolerance = 0.5, limit = 1.5 }
)";

constexpr bool is_sanitized = std::string_view(PUSHLAB_BUILD_TYPE) == "Sanitize";

class Gate : public testing::Test {
 protected:
  Gate() {
    auto text = std::string(lenient);
    if (is_sanitized)  // a sanitizer's own memory is in that of a connection
      text.replace(text.find("limit = 1.5"), 11, "limit = 10");
    write("gate.toml", text);
    target("base", "", "sse");
  }

  fs::path write(std::string const& name, std::string const& text) {
    fs::create_directories((folder_.path() / name).parent_path());
    std::ofstream(folder_.path() / name) << text;
    return folder_.path() / name;
  }

  // A target whose server carries faults of tests/proof/gate_fault.cpp.
  void target(std::string const& name, std::string const& faults, std::string const& strategy) {
    auto const preload = faults.empty() ? ""
                                        : fmt::format(R"("env", "LD_PRELOAD={}", "{}", )",
                                                      PUSHLAB_GATE_FAULT, faults);
    write(name + ".toml",
          fmt::format(R"(title = "{0}"
strategy = "{1}"
[start]
command = [{2}"{3}/pushlab-{1}", "--client-listen", "{{client_listen}}", "--ingest-listen", "{{ingest_listen}}"]
)",
                      name, strategy, preload, fs::path(PUSHLAB_PROGRAM).parent_path().string()));
  }

  // One with a start of its own. `command`: TOML strings
  void started_by(std::string const& name, std::string const& command, int deadline_s = 10) {
    write(name + ".toml",
          fmt::format(
              "title = \"{}\"\nstrategy = \"sse\"\n[start]\ndeadline_s = {}\ncommand = [{}]\n",
              name, deadline_s, command));
  }

  // Our server with more words behind its command.
  std::string server(std::string const& more) const {
    return fmt::format(
        R"("{}/pushlab-sse", "--client-listen", "{{client_listen}}", "--ingest-listen", "{{ingest_listen}}"{})",
        fs::path(PUSHLAB_PROGRAM).parent_path().string(), more);
  }

  // A server that takes connections and never answers.
  void stopped(std::string const& name) {
    started_by(
        name,
        R"("sh", "-c", "\"$@\" >{dir}/line & until grep -q ready {dir}/line; do sleep 0.01; done; )"
        R"(kill -STOP $!; cat {dir}/line; wait", "sh", )" +
            server(""));
  }

  void without_crowd() {
    auto text = std::string(lenient);
    text.replace(text.find("crowd = 300"), 11, "crowd = 0");
    write("gate.toml", text);
  }

  // Other tests run beside: they keep their share of the machine.
  Finished gate(std::string const& head, std::vector<std::string> more = {}) {
    std::vector<std::string> words{
        "gate",           file("gate.toml"), "--base", file("base.toml"),
        "--head",         file(head),        "--out",  (folder_.path() / "out").string(),
        "--keep-priority"};
    words.insert(words.end(), more.begin(), more.end());
    return pushlab(std::move(words));
  }

  // Tells a gate to stop once it has a file of this name, and gives how it ended.
  ExitStatus stopped_at(std::string const& head, std::string const& name) {
    Process process({{PUSHLAB_PROGRAM, "gate", file("gate.toml"), "--base", file("base.toml"),
                      "--head", file(head), "--out", file("out"), "--keep-priority"},
                     PUSHLAB_SOURCE_FOLDER,
                     folder_.path() / "said",
                     folder_.path() / "said",
                     {}});
    auto const is_there = [&] {
      for (auto const& entry : fs::recursive_directory_iterator(file("out")))
        if (entry.path().filename() == name) return true;
      return false;
    };
    fs::create_directories(file("out"));
    auto const end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!is_there() && std::chrono::steady_clock::now() < end)
      process.wait(std::chrono::milliseconds(5));
    EXPECT_TRUE(is_there()) << name;
    return process.stop(std::chrono::seconds(10));
  }

  std::string file(std::string const& name) const { return (folder_.path() / name).string(); }

  TemporaryFolder folder_;
};

// A verdict is said on stdout, unusable input on stderr.
void expect_end(Finished const& run, int code, std::string_view words) {
  EXPECT_EQ(run.status.code, code) << run.err << run.out;
  EXPECT_NE((code == 2 ? run.err : run.out).find(words), std::string::npos) << run.err << run.out;
}

json::object metric_of(json::object const& report, std::string_view id) {
  for (auto const& metric : report.at("targets").at(0).at("metrics").as_array())
    if (metric.at("id").as_string() == id) return metric.as_object();
  return {};
}

TEST_F(Gate, passes_a_server_against_itself_and_leaves_its_files) {
  auto const run = gate("base.toml", {"--json"});
  ASSERT_EQ(run.status.code, 0) << run.err << run.out;
  auto const report = run.lines().at(0);
  EXPECT_EQ(report.at("verdict"), "pass") << run.out;
  for (auto const* id :
       {"event_p50_ms", "event_p90_ms", "event_last_ms", "cpu_us_per_delivery", "setup_us",
        "setup_cpu_us", "memory_kib_per_connection", "stalled_events", "faults"})
    EXPECT_FALSE(metric_of(report, id).empty()) << id;
  EXPECT_GT(metric_of(report, "memory_kib_per_connection").at("base").to_number<double>(), 0.1);
  EXPECT_EQ(report.at("targets").at(0).at("raw").at("restarts").at(0).at("stalls").at("pairs"), 20);
  auto const folder = folder_.path() / "out" / report.at("id").as_string().c_str();
  for (auto const* name : {"gate.json", "junit.xml", "summary.md", "metrics.txt", "bencher.json",
                           "benchmark-action.json", "report.html"})
    EXPECT_TRUE(fs::exists(folder / name)) << name;
}

TEST_F(Gate, fails_at_once_when_head_loses_a_delivery) {
  if (is_sanitized) GTEST_SKIP() << "a sanitizer does not let a library be preloaded";
  target("losing", "GATE_FAULT_LOSE=1", "sse");
  auto const run = gate("losing.toml", {"--json"});
  ASSERT_EQ(run.status.code, 1) << run.err << run.out;
  auto const report = run.lines().at(0);
  EXPECT_EQ(report.at("targets").at(0).at("restarts"), 1);
  EXPECT_EQ(metric_of(report, "faults").at("verdict"), "fail");
  EXPECT_NE(metric_of(report, "faults").at("reason").as_string().find("20 lost"), std::string::npos)
      << run.out;
}

TEST_F(Gate, fails_a_head_whose_polls_do_not_give_the_events) {
  // Clients ask one server, events go to another.
  auto const script = write("two.sh", R"(cd "$1" && shift
"$@" >asked & "$@" >told &
until grep -q ready asked && grep -q ready told; do sleep 0.01; done
address() { sed "s/.*\"$2\":\"\([^\"]*\)\".*/\1/" "$1"; }
echo "{\"ready\":true,\"client\":\"$(address asked client)\",\"ingest\":\"$(address told ingest)\"}"
wait
)");
  for (std::string const strategy : {"short-poll", "reload"}) {
    for (auto const* side : {"base", "head"})
      write(side + std::string(".toml"),
            fmt::format("title = \"polls\"\nstrategy = \"{}\"\n[start]\ncommand = [{}\"{}/"
                        "pushlab-short-poll\", \"--client-listen\", \"{{client_listen}}\", "
                        "\"--ingest-listen\", \"{{ingest_listen}}\"]\n",
                        strategy,
                        side == std::string("base")
                            ? ""
                            : fmt::format(R"("sh", "{}", "{{dir}}", )", script.string()),
                        fs::path(PUSHLAB_PROGRAM).parent_path().string()));
    auto const run = gate("head.toml", {"--json"});
    ASSERT_EQ(run.status.code, 1) << strategy << run.err << run.out;
    auto const faults = metric_of(run.lines().at(0), "faults");
    EXPECT_EQ(faults.at("verdict"), "fail");
    EXPECT_NE(faults.at("reason").as_string().find("400 lost"), std::string::npos) << run.out;
  }
}

TEST_F(Gate, fails_a_head_whose_connections_take_more_memory) {
  if (is_sanitized) GTEST_SKIP() << "a sanitizer does not let a library be preloaded";
  target("greedy", "GATE_FAULT_ACCEPT_B=2000", "sse");
  auto const run = gate("greedy.toml");
  expect_end(run, 1, "Memory of an idle connection");
}

TEST_F(Gate, fails_a_head_that_lets_some_of_the_idle_clients_in_only) {
  started_by("small", server(R"(, "--max-connections", "150")"));
  auto const run = gate("small.toml", {"--json"});
  ASSERT_EQ(run.status.code, 1) << run.err << run.out;
  auto const report = run.lines().at(0);
  EXPECT_EQ(metric_of(report, "faults").at("reason"),
            "head: 150 of 300 clients could not connect, all of base could (in 2 restarts)");
  EXPECT_EQ(report.at("targets").at(0).at("discarded"), 2);
}

TEST_F(Gate, fails_a_head_that_lets_some_of_the_subscribers_in_only) {
  without_crowd();
  started_by("small", server(R"(, "--max-connections", "15")"));
  auto const run = gate("small.toml");
  expect_end(run, 1, "head: 5 of 20 clients could not connect");
}

TEST_F(Gate, fails_a_head_that_takes_connections_and_never_answers) {
  without_crowd();
  stopped("stopped");
  auto const run = gate("stopped.toml");
  expect_end(run, 1, "head: 20 of 20 clients could not connect");
}

TEST_F(Gate, is_invalid_and_names_base_when_base_lets_not_all_in) {
  started_by("base", server(R"(, "--max-connections", "150")"));
  target("head", "", "sse");
  auto const run = gate("head.toml");
  expect_end(run, 3, "base: 150 of 300 clients could not connect, all of head could");
}

TEST_F(Gate, fails_a_head_that_does_not_start) {
  started_by("never", R"("sleep", "100")", 1);
  auto const never = gate("never.toml");
  expect_end(never, 1, "head did not start, base did: never: it was not ready within 1 s");
  started_by("ends", R"("sh", "-c", "echo no socket; exit 7")");
  auto const ends = gate("ends.toml");
  expect_end(ends, 1, "exit status 7");
  EXPECT_NE(ends.out.find("no socket"), std::string::npos) << ends.out;
}

TEST_F(Gate, fails_a_head_whose_program_cannot_be_run) {
  auto const broken = write("broken", "#!/no/such/program\n");
  fs::permissions(broken, fs::perms::owner_exec, fs::perm_options::add);
  started_by("broken", fmt::format("\"{}\"", broken.string()));
  auto const run = gate("broken.toml");
  expect_end(run, 1, "head did not start, base did: broken: cannot start");
}

TEST_F(Gate, ends_as_interrupted_while_a_server_starts) {
  started_by("never", R"("sh", "-c", "touch {dir}/starting; sleep 100")", 60);
  EXPECT_EQ(stopped_at("never.toml", "starting").code, 128 + SIGTERM) << text_of(file("said"));
}

TEST_F(Gate, ends_as_interrupted_while_idle_clients_wait_to_be_let_in) {
  auto text = std::string(lenient);
  text.replace(text.find("crowd = 300"), 11, "crowd = 6000");
  write("gate.toml", text);
  stopped("stopped");
  EXPECT_EQ(stopped_at("stopped.toml", "head.crowd.json").code, 128 + SIGTERM)
      << text_of(file("said"));
}

TEST_F(Gate, cannot_compare_with_a_base_that_does_not_start) {
  target("head", "", "sse");
  started_by("base", R"("sleep", "100")", 1);
  auto const run = gate("head.toml");
  expect_end(run, 2, "base did not start, so there is nothing to compare with");
}

TEST_F(Gate, compares_polls_by_their_gets) {
  target("base", "", "short-poll");
  auto const run = gate("base.toml", {"--json"});
  ASSERT_EQ(run.status.code, 0) << run.err << run.out;
  auto const report = run.lines().at(0);
  EXPECT_GT(metric_of(report, "get_us").at("head").to_number<double>(), 0);
  EXPECT_GT(metric_of(report, "cpu_us_per_get").at("head").to_number<double>(), 0);
  EXPECT_TRUE(metric_of(report, "event_p50_ms").empty());
}

TEST_F(Gate, says_undecided_aloud_when_asked_to_be_strict) {
  auto text = std::string(lenient);
  auto const replace = [&](std::string const& from, std::string const& to) {
    text.replace(text.find(from), from.size(), to);
  };
  // Nothing can be this sure after four restarts.
  replace("event_p50_ms = { tolerance = 9, limit = 10 }",
          "event_p50_ms = { tolerance = 0, limit = 0.000001 }");
  replace("restarts = [2, 3, 4]", "restarts = [2, 3, 4]\nalpha = 0.000001");
  write("gate.toml", text);
  auto const run = gate("base.toml", {"--strict"});
  expect_end(run, 3, "undecided");
}

TEST_F(Gate, builds_a_git_ref_once_and_keeps_it) {
  // A repository whose release build gives a program of the right name: it becomes the real server.
  write("repo/CMakeLists.txt",
        "cmake_minimum_required(VERSION 3.25)\nproject(repo CXX)\n"
        "set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)\nadd_executable(pushlab-sse "
        "main.cpp)\n");
  write("repo/CMakePresets.json",
        R"({"version": 6, "configurePresets": [{"name": "release", "generator": "Ninja",
"binaryDir": "${sourceDir}/build/release"}]})");
  write("repo/main.cpp", fmt::format("#include <unistd.h>\nint main(int, char** words) {{ return "
                                     "execv(\"{}/pushlab-sse\", words); }}\n",
                                     fs::path(PUSHLAB_PROGRAM).parent_path().string()));
  auto const in_repo = [&](std::string const& command) {
    SpawnPlan plan{{"env", fmt::format("PUSHLAB_CACHE={}", file("cache")),
                    fmt::format("PUSHLAB_SCENARIOS={}/scenarios", PUSHLAB_SOURCE_FOLDER),
                    "GIT_CONFIG_GLOBAL=/dev/null", "sh", "-c", command},
                   folder_.path() / "repo",
                   folder_.path() / "said",
                   folder_.path() / "said",
                   {}};
    return Process(plan).wait(std::chrono::seconds(100)).value_or(ExitStatus{-1, 0}).code;
  };
  ASSERT_EQ(
      in_repo("git init -q . && git add . && git -c user.name=a -c user.email=a@b commit -qm one"),
      0)
      << text_of(file("said"));
  auto const command = fmt::format("{} gate {} --base HEAD --head HEAD --out {}", PUSHLAB_PROGRAM,
                                   file("gate.toml"), file("out"));
  EXPECT_EQ(in_repo(command), 0) << text_of(file("said"));
  EXPECT_EQ(in_repo(command), 0) << text_of(file("said"));
  auto const said = text_of(file("said"));
  auto const building = said.find("pushlab: building ");
  EXPECT_NE(building, std::string::npos) << said;
  EXPECT_EQ(said.find("pushlab: building ", building + 1), std::string::npos) << said;
  EXPECT_EQ(std::distance(fs::directory_iterator(file("cache/builds")), fs::directory_iterator()),
            1);
}

TEST_F(Gate, refuses_unusable_input_in_one_sentence) {
  auto const no_ref = pushlab({"gate", file("gate.toml"), "--base", "no-such-ref"});
  EXPECT_EQ(no_ref.status.code, 2);
  EXPECT_NE(no_ref.err.find("--base no-such-ref: no folder here and no commit"), std::string::npos)
      << no_ref.err;
  auto const mixed =
      pushlab({"gate", file("gate.toml"), "--base", file("base.toml"), "--head", "HEAD"});
  EXPECT_EQ(mixed.status.code, 2);
  EXPECT_NE(mixed.err.find("give two of a kind"), std::string::npos) << mixed.err;
  target("poll", "", "long-poll");
  auto const other = gate("poll.toml");
  EXPECT_EQ(other.status.code, 2);
  EXPECT_NE(other.err.find("compare two of a kind"), std::string::npos) << other.err;
  auto const empty = pushlab({"gate", file("gate.toml"), "--base", file("."), "--head", file(".")});
  EXPECT_EQ(empty.status.code, 2);
  EXPECT_NE(empty.err.find("build there with scripts/build release"), std::string::npos)
      << empty.err;
}

}  // namespace
}  // namespace pushlab::driver
