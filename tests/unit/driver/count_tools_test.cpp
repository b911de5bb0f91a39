#include "driver/count_tools.hpp"

#include <gtest/gtest.h>

#include "driver/temporary_folder.hpp"

namespace pushlab::driver {
namespace {

class SystemCallLogTest : public testing::Test {
 protected:
  Tally after(std::string const& text) {
    std::ofstream(file_, std::ios::app) << text;
    return log_.read();
  }

 private:
  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "log";
  SystemCallLog log_{file_};
};

TEST_F(SystemCallLogTest, counts_calls_and_what_writes_to_sockets) {
  auto const tally = after(
      "12 epoll_wait(4<anon_inode:[eventpoll]>, 0x7ffd, 128, -1) = 1\n"
      "12 recvfrom(9<socket:[44]>, \"\"..., 65536, MSG_DONTWAIT, NULL, NULL) = 168\n"
      "12 sendto(9<socket:[44]>, \"\"..., 69, MSG_NOSIGNAL, NULL, 0) = 69\n"
      "12 writev(9<socket:[44]>, 0x7ffd, 2) = 12\n"
      "12 write(1</tmp/log>, \"\"..., 20) = 20\n"
      "12 --- SIGTERM {si_signo=SIGTERM} ---\n"
      "12 +++ exited with 0 +++\n");
  EXPECT_EQ(tally.calls, 5U);
  EXPECT_EQ(tally.writes, 2U);
}

TEST_F(SystemCallLogTest, takes_a_line_that_is_still_being_written_once) {
  EXPECT_EQ(after("12 close(3) = 0\n12 epoll_wait(4").calls, 1U);
  EXPECT_EQ(after(", 0x7ffd, 128, -1").calls, 1U);
  EXPECT_EQ(after(") = 1\n").calls, 2U);
}

TEST_F(SystemCallLogTest, puts_the_halves_of_a_call_together) {
  auto const tally = after(
      "12 sendto(9<socket:[44]>, \"\"..., 69, 0, NULL, 0 <unfinished ...>\n"
      "13 close(3) = 0\n"
      "12 <... sendto resumed>) = 69\n");
  EXPECT_EQ(tally.calls, 2U);
  EXPECT_EQ(tally.writes, 1U);
}

std::vector<Tally> marks_of(std::vector<std::uint64_t> const& events) {
  std::vector<Tally> marks(1);
  for (auto const calls : events) marks.push_back({marks.back().calls + calls, 0, 0});
  return marks;
}

TEST(Cheapest, leaves_out_the_first_block_and_what_timers_add) {
  std::vector<std::uint64_t> events(40, 5);
  events[3] = 1;    // in the first block
  events[12] += 3;  // a timer in each of the others
  events[25] += 3;
  events[38] += 3;
  EXPECT_EQ(cheapest_block(marks_of(events), &Tally::calls), 53U);
  EXPECT_EQ(cheapest_places(marks_of(events), &Tally::calls), 50U);
}

TEST(Cheapest, holds_what_comes_with_every_fifth_event) {
  std::vector<std::uint64_t> events(40, 5);
  for (std::size_t i = 0; i < events.size(); i += 5) events[i] += 1;
  EXPECT_EQ(cheapest_block(marks_of(events), &Tally::calls), 52U);
  EXPECT_EQ(cheapest_places(marks_of(events), &Tally::calls), 52U);
}

TEST(InstructionLog, adds_the_totals_of_all_processes) {
  TemporaryFolder const folder;
  std::ofstream(folder.path() / "callgrind.12") << "events: Ir\n0 5\ntotals: 1200\n";
  std::ofstream(folder.path() / "callgrind.13") << "totals: 34\n";
  std::ofstream(folder.path() / "server.log") << "totals: 5000\n";
  EXPECT_EQ(InstructionLog(folder.path()).read(), 1234U);
}

}  // namespace
}  // namespace pushlab::driver
