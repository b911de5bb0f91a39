#include "tests/integration/redis_process.hpp"

#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <string_view>

namespace pushlab::test {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int deadline_s = 10;
constexpr char const* program = "/usr/bin/redis-server";

std::uint16_t free_port() {
  auto const fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const raw = reinterpret_cast<sockaddr*>(&address);
  auto const found = ::bind(fd, raw, size) == 0 && ::getsockname(fd, raw, &size) == 0;
  ::close(fd);
  if (!found) throw std::runtime_error("no free port on 127.0.0.1");
  return ntohs(address.sin_port);
}

// Reads the log until it says that clients may come; false at its end, that is the program's.
bool wait_until_ready(int log) {
  std::string text;
  pollfd readable{log, POLLIN, 0};
  while (text.find("eady to accept connections") == std::string::npos) {
    if (::poll(&readable, 1, deadline_s * 1000) != 1)
      throw std::runtime_error("redis-server is not ready within 10 s: " + text);
    char bytes[4096];
    auto const n = ::read(log, bytes, sizeof bytes);
    if (n > 0) text.append(bytes, static_cast<std::size_t>(n));
    if (n > 0) continue;
    if (text.find("Address already in use") != std::string::npos) return false;
    throw std::runtime_error("redis-server ended: " + text);
  }
  return true;
}

std::string text_of(redisReply const& reply) {
  switch (reply.type) {
    case REDIS_REPLY_NIL:
      return "(nil)";
    case REDIS_REPLY_INTEGER:
      return std::to_string(reply.integer);
    case REDIS_REPLY_ARRAY: {
      std::string lines;
      for (std::size_t i = 0; i < reply.elements; ++i) lines += text_of(*reply.element[i]) + "\n";
      return lines;
    }
    default:
      return {reply.str, reply.len};
  }
}

}  // namespace

RedisProcess::RedisProcess(std::string keyspace_events, std::vector<std::string> flags) {
  auto name = (std::filesystem::temp_directory_path() / "pushlab-redis-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = name;
  flags_ = {"--bind",
            "127.0.0.1",
            "--unixsocket",
            socket_path(),
            "--dir",
            folder_,
            "--save",
            "",
            "--appendonly",
            "no",
            "--daemonize",
            "no",
            "--notify-keyspace-events",
            std::move(keyspace_events)};
  flags_.insert(flags_.end(), flags.begin(), flags.end());
  // Somebody else may take the port before redis does.
  do port_ = free_port();
  while (!start());
}

RedisProcess::~RedisProcess() {
  kill();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

bool RedisProcess::start() {
  auto arguments = flags_;
  arguments.insert(arguments.begin(), {program, "--port", std::to_string(port_)});
  std::vector<char*> argv;
  for (auto& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  int log[2];
  if (::pipe2(log, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  auto const parent = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(127);
    ::dup2(log[1], STDOUT_FILENO);
    ::execv(program, argv.data());
    ::_exit(127);
  }
  ::close(log[1]);
  auto const is_ready = wait_until_ready(log[0]);
  ::close(log[0]);  // redis ignores SIGPIPE
  if (!is_ready) kill();
  return is_ready && command({"PING"}) == "PONG";
}

void RedisProcess::kill() {
  connection_.reset();
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void RedisProcess::restart() {
  kill();
  auto const deadline = Clock::now() + std::chrono::seconds{deadline_s};
  while (!start())
    if (Clock::now() > deadline)
      throw std::runtime_error("port " + std::to_string(port_) + " is taken by somebody else");
}

void RedisProcess::freeze() {
  ::kill(pid_, SIGSTOP);
}

void RedisProcess::thaw() {
  ::kill(pid_, SIGCONT);
}

redisContext& RedisProcess::connection() {
  if (!connection_) {
    timeval const timeout{deadline_s, 0};
    connection_ = {::redisConnectWithTimeout("127.0.0.1", port_, timeout), ::redisFree};
    if (!connection_ || connection_->err != 0) {
      connection_.reset();
      throw std::runtime_error("cannot connect to redis-server on port " + std::to_string(port_));
    }
    ::redisSetTimeout(connection_.get(), timeout);
  }
  return *connection_;
}

std::string RedisProcess::command(std::vector<std::string> const& words) {
  std::vector<char const*> argv;
  std::vector<std::size_t> sizes;
  for (auto const& word : words) {
    argv.push_back(word.data());
    sizes.push_back(word.size());
  }
  auto& context = connection();
  auto* const raw = static_cast<redisReply*>(
      ::redisCommandArgv(&context, static_cast<int>(argv.size()), argv.data(), sizes.data()));
  std::unique_ptr<redisReply, decltype(&::freeReplyObject)> const reply{raw, ::freeReplyObject};
  if (!reply) {
    std::string const why = context.errstr;
    connection_.reset();
    throw std::runtime_error("redis-server does not answer " + words.at(0) + ": " + why);
  }
  if (reply->type == REDIS_REPLY_ERROR)
    throw std::runtime_error("redis-server refuses " + words.at(0) + ": " + text_of(*reply));
  return text_of(*reply);
}

}  // namespace pushlab::test
