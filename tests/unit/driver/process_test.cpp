#include "driver/process.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>
#include <sstream>
#include <system_error>

#include "driver/temporary_folder.hpp"

namespace pushlab::driver {
namespace {

using std::chrono::seconds;

SpawnPlan shell(std::string const& script, TemporaryFolder const& folder) {
  return {{"sh", "-c", script}, {}, folder.path() / "out", folder.path() / "err", {}};
}

std::string text_of(std::filesystem::path const& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// Waits for the end of any process, whoever its parent is.
bool ends_within(pid_t pid, seconds deadline) {
  int const handle = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  if (handle < 0) return errno == ESRCH;
  pollfd wait{handle, POLLIN, 0};
  bool const ended = ::poll(&wait, 1, static_cast<int>(deadline.count() * 1000)) == 1;
  ::close(handle);
  return ended;
}

// The first two numbers in a file that a child is about to write.
std::pair<pid_t, pid_t> two_pids(std::filesystem::path const& file) {
  for (int tries = 0; tries < 5000; ++tries) {
    std::istringstream in(text_of(file));
    pid_t first = 0, second = 0;
    if (in >> first >> second && in.get() == '\n') return {first, second};
    ::poll(nullptr, 0, 1);
  }
  return {0, 0};
}

// A child of the shell in its own process group and session, as a daemon would be.
constexpr char const* family = "setsid sleep 600 & echo $$ $!; wait";

TEST(Process, gives_the_exit_status_and_the_output) {
  TemporaryFolder const folder;
  Process process(shell("echo out; echo err >&2; exit 7", folder));
  auto const status = process.wait(seconds(10));
  ASSERT_TRUE(status);
  EXPECT_EQ(status->code, 7);
  EXPECT_EQ(status->text(), "exit status 7");
  EXPECT_EQ(text_of(folder.path() / "out"), "out\n");
  EXPECT_EQ(text_of(folder.path() / "err"), "err\n");
}

TEST(Process, says_which_program_cannot_be_started) {
  try {
    Process process({{"/nowhere/program"}, {}, {}, {}, {}});
    FAIL() << "no error";
  } catch (std::system_error const& error) {
    EXPECT_EQ(error.code().value(), ENOENT);
    EXPECT_NE(std::string(error.what()).find("/nowhere/program"), std::string::npos);
  }
}

TEST(Process, runs_in_a_group_of_its_own_on_the_cores_it_was_given) {
  TemporaryFolder const folder;
  cpu_set_t allowed;
  ASSERT_EQ(::sched_getaffinity(0, sizeof allowed, &allowed), 0);
  int core = 0;
  while (!CPU_ISSET(static_cast<std::size_t>(core), &allowed)) ++core;
  auto plan = shell("read line", folder);
  plan.command = {"sleep", "600"};
  plan.cores = {core};
  Process process(plan);
  EXPECT_EQ(::getpgid(process.pid()), process.pid());
  cpu_set_t set;
  ASSERT_EQ(::sched_getaffinity(process.pid(), sizeof set, &set), 0);
  EXPECT_EQ(CPU_COUNT(&set), 1);
  EXPECT_TRUE(CPU_ISSET(static_cast<std::size_t>(core), &set));
}

TEST(Process, starts_the_child_with_the_usual_signals) {
  TemporaryFolder const folder;
  ::signal(SIGPIPE, SIG_IGN);
  Process process(shell("kill -PIPE $$; exit 0", folder));
  ::signal(SIGPIPE, SIG_DFL);
  auto const status = process.wait(seconds(10));
  ASSERT_TRUE(status);
  EXPECT_EQ(status->signal, SIGPIPE);
}

TEST(Process, stops_by_sigterm_and_gives_the_programs_own_status) {
  TemporaryFolder const folder;
  Process process(shell("trap 'exit 5' TERM; echo $$ $$; while :; do sleep 0.01; done", folder));
  two_pids(folder.path() / "out");  // the trap is set
  EXPECT_EQ(process.stop(seconds(10)).code, 5);
}

TEST(Process, kills_what_does_not_heed_sigterm) {
  TemporaryFolder const folder;
  Process process(shell("trap '' TERM; echo $$ $$; while :; do sleep 0.01; done", folder));
  two_pids(folder.path() / "out");
  EXPECT_EQ(process.stop(std::chrono::milliseconds(50)).signal, SIGKILL);
}

TEST(Process, leaves_no_descendant_when_the_child_ends_by_itself) {
  TemporaryFolder const folder;
  Process process(shell("setsid sleep 600 & echo $$ $!", folder));
  ASSERT_TRUE(process.wait(seconds(10)));
  auto const [child, grandchild] = two_pids(folder.path() / "out");
  ASSERT_NE(grandchild, 0);
  EXPECT_TRUE(ends_within(grandchild, seconds(10)));
}

TEST(Process, destructor_kills_the_whole_tree) {
  TemporaryFolder const folder;
  pid_t child = 0, grandchild = 0;
  {
    Process process(shell(family, folder));
    std::tie(child, grandchild) = two_pids(folder.path() / "out");
    ASSERT_EQ(child, process.pid());
  }
  EXPECT_EQ(::kill(child, 0), -1);
  EXPECT_TRUE(ends_within(grandchild, seconds(10)));
}

TEST(Process, nothing_outlives_a_driver_that_was_killed) {
  TemporaryFolder const folder;
  pid_t const driver = ::fork();
  if (driver == 0) {
    // Two children: neither guard may keep the other one's driver alive.
    Process first(shell(family, folder));
    SpawnPlan second_plan{{"sleep", "600"}, {}, {}, {}, {}};
    Process second(second_plan);
    std::ofstream(folder.path() / "second") << second.pid() << " 0\n";
    for (;;) ::pause();
  }
  auto const [child, grandchild] = two_pids(folder.path() / "out");
  auto const second = two_pids(folder.path() / "second").first;
  ASSERT_NE(child, 0);
  ASSERT_NE(second, 0);
  ::kill(driver, SIGKILL);
  ::waitpid(driver, nullptr, 0);
  EXPECT_TRUE(ends_within(child, seconds(10)));
  EXPECT_TRUE(ends_within(grandchild, seconds(10)));
  EXPECT_TRUE(ends_within(second, seconds(10)));
}

TEST(Process, dies_with_its_guard) {
  TemporaryFolder const folder;
  Process process(shell("echo $$ $PPID; exec sleep 600", folder));
  auto const [child, guard] = two_pids(folder.path() / "out");
  ASSERT_NE(guard, 0);
  ::kill(guard, SIGKILL);
  EXPECT_TRUE(ends_within(child, seconds(10)));
  auto const status = process.wait(seconds(10));
  ASSERT_TRUE(status);
  EXPECT_EQ(status->signal, SIGKILL);
}

}  // namespace
}  // namespace pushlab::driver
