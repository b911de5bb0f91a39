#include "servers/server/options.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <vector>

namespace pushlab::server {
namespace {

ServerOptions read(std::vector<char const*> arguments) {
  arguments.insert(arguments.begin(), "pushlab-test");
  ServerOptions options;
  read_options(static_cast<int>(arguments.size()), arguments.data(), "pushlab-test", options);
  return options;
}

std::string error_of(std::vector<char const*> const& arguments) {
  try {
    read(arguments);
  } catch (UsageError const& error) {
    return error.sentence;
  }
  return "no error";
}

struct File {
  explicit File(std::string const& text) {
    path = testing::TempDir() + "options-" + std::to_string(::getpid()) + ".toml";
    std::ofstream{path} << text;
  }
  ~File() { std::remove(path.c_str()); }
  std::string path;
};

std::string error_of_file(std::string const& text) {
  File const file{text};
  auto const error = error_of({"--config", file.path.c_str()});
  return error.starts_with(file.path) ? error.substr(file.path.size()) : error;
}

TEST(Options, are_taken_from_flags) {
  auto const options = read({"--client-listen", "127.0.0.1:8080", "--heartbeat-s", "0",
                             "--threads=2", "--outbox-bytes", "4096"});
  EXPECT_EQ(options.client_listen, "127.0.0.1:8080");
  EXPECT_EQ(options.heartbeat_s, 0U);
  EXPECT_EQ(options.threads, 2U);
  EXPECT_EQ(options.outbox_bytes, 4096U);
  EXPECT_EQ(options.retry_ms, ServerOptions{}.retry_ms);
}

TEST(Options, are_taken_from_a_file_and_flags_win) {
  File const file{"threads = 3\nhistory_events = 7\ningest_token = \"secret\"\n"};
  auto const options = read({"--threads", "4", "--config", file.path.c_str()});
  EXPECT_EQ(options.threads, 4U);
  EXPECT_EQ(options.history.events, 7U);
  EXPECT_EQ(options.ingest_token, "secret");
}

TEST(Options, a_bad_flag_is_one_sentence_that_names_it) {
  for (auto const* flag : {"--nonsense", "--threads=x", "--threads=0", "--threads=1.5",
                           "--outbox-bytes=1", "--heartbeat-s=-1", "--retry-ms=1e3"}) {
    auto const error = error_of({flag});
    EXPECT_NE(error, "no error") << flag;
    EXPECT_EQ(error.find('\n'), std::string::npos) << error;
  }
  EXPECT_EQ(error_of({"--threads=0"}),
            "command line: threads must lie between 1 and 256; it is 0.");
}

TEST(Options, a_bad_value_names_the_flag_as_it_is_written) {
  EXPECT_EQ(error_of({"--retry-ms", "soon"}), "--retry-ms: \"soon\" is not a whole number.");
}

TEST(Options, an_error_in_the_file_names_file_and_line) {
  EXPECT_EQ(error_of_file("threads = 1\n\nthread = 2\n"),
            ":3: there is no option \"thread\"; --help lists them.");
  EXPECT_EQ(error_of_file("threads = 1000"), ":1: threads must lie between 1 and 256; it is 1000.");
  EXPECT_EQ(error_of_file("# first\nthreads = \"two\""), ":2: threads must be a whole number.");
  EXPECT_EQ(error_of_file("client_listen = 8080"), ":1: client_listen must be a string.");
  EXPECT_TRUE(error_of_file("threads = 1\nthreads =\n").starts_with(":2: "));
}

TEST(Options, a_file_that_is_not_there_is_named) {
  auto const error = error_of({"--config", "/nowhere/options.toml"});
  EXPECT_NE(error.find("/nowhere/options.toml"), std::string::npos) << error;
}

}  // namespace
}  // namespace pushlab::server
