#include "servers/auth/redis_connection.hpp"

#include <hiredis/async.h>

#include <csignal>
#include <utility>

namespace pushlab::server {
namespace {

RedisReply value_of(redisReply const& reply) {
  using Kind = RedisReply::Kind;
  RedisReply value;
  switch (reply.type) {
    case REDIS_REPLY_NIL:
      value.kind = Kind::nil;
      break;
    case REDIS_REPLY_INTEGER:
      value.kind = Kind::integer;
      value.integer = reply.integer;
      break;
    case REDIS_REPLY_ARRAY:
      value.kind = Kind::array;
      for (std::size_t i = 0; i < reply.elements; ++i)
        value.elements.push_back(value_of(*reply.element[i]));
      break;
    default:
      value.kind = reply.type == REDIS_REPLY_ERROR ? Kind::error : Kind::text;
      value.text.assign(reply.str, reply.len);
  }
  return value;
}

// hiredis writes with write(): a connection that Redis has left would end the program.
void ignore_broken_pipes() {
  static auto const before = std::signal(SIGPIPE, SIG_IGN);
  static_cast<void>(before);
}

}  // namespace

struct RedisConnection::Hooks {
  static RedisConnection& self(void* data) { return *static_cast<RedisConnection*>(data); }

  static void want_read(void* data) {
    self(data).reading_ = true;
    self(data).wait_to_read();
  }
  static void want_no_read(void* data) { self(data).reading_ = false; }
  static void want_write(void* data) {
    self(data).writing_ = true;
    self(data).wait_to_write();
  }
  static void want_no_write(void* data) { self(data).writing_ = false; }

  // The last call about a context: it is freed next, and its socket closed.
  static void ended(void* data) {
    auto& connection = self(data);
    connection.descriptor_.release();
    std::string why = std::exchange(connection.context_, nullptr)->c.errstr;
    if (auto* owner = std::exchange(connection.owner_, nullptr)) owner->on_end(std::move(why));
  }

  // A context that ends answers everything with null; our owner learns of that by on_end().
  static void replied(redisAsyncContext* context, void* reply, void*) {
    auto* owner = self(context->data).owner_;
    if (reply != nullptr && owner != nullptr)
      owner->on_reply(value_of(*static_cast<redisReply*>(reply)));
  }
  static void pushed(redisAsyncContext* context, void* reply, void*) {
    auto* owner = self(context->data).owner_;
    if (reply != nullptr && owner != nullptr)
      owner->on_push(value_of(*static_cast<redisReply*>(reply)));
  }
};

RedisConnection::~RedisConnection() {
  close();
}

bool RedisConnection::open_tcp(std::string const& ip, std::uint16_t port, Owner& owner,
                               std::string& why) {
  auto* const context = ::redisAsyncConnect(ip.c_str(), port);
  // A peer that is gone without a word is noticed although nothing is sent, as on a subscription.
  if (context != nullptr && context->err == 0) ::redisEnableKeepAlive(&context->c);
  return attach(context, owner, why);
}

bool RedisConnection::open_unix(std::string const& path, Owner& owner, std::string& why) {
  return attach(::redisAsyncConnectUnix(path.c_str()), owner, why);
}

bool RedisConnection::attach(redisAsyncContext* context, Owner& owner, std::string& why) {
  ignore_broken_pipes();
  boost::system::error_code ec;
  if (context != nullptr && context->err == 0) descriptor_.assign(context->c.fd, ec);
  if (context == nullptr || context->err != 0 || ec) {
    why = context == nullptr ? "out of memory" : ec ? ec.message() : context->c.errstr;
    if (context != nullptr) ::redisAsyncFree(context);
    return false;
  }
  context_ = context;
  owner_ = &owner;
  context->data = this;
  context->ev = {
      this,        Hooks::want_read, Hooks::want_no_read, Hooks::want_write, Hooks::want_no_write,
      Hooks::ended};
  return true;
}

void RedisConnection::send(std::vector<std::string> const& words) {
  if (context_ == nullptr) return;
  std::vector<char const*> texts;
  std::vector<std::size_t> sizes;
  for (auto const& word : words) {
    texts.push_back(word.data());
    sizes.push_back(word.size());
  }
  auto const is_subscription = words[0] == "SUBSCRIBE" || words[0] == "UNSUBSCRIBE";
  ::redisAsyncCommandArgv(context_, is_subscription ? Hooks::pushed : Hooks::replied, nullptr,
                          static_cast<int>(words.size()), texts.data(), sizes.data());
}

void RedisConnection::close() {
  owner_ = nullptr;
  // Inside one of its callbacks hiredis frees the context when that returns.
  if (context_ != nullptr) ::redisAsyncFree(context_);
}

// asio knows no way to take back one wait, so a wait that is not wanted any more ends unheard.
void RedisConnection::wait_to_read() {
  if (std::exchange(waits_to_read_, true)) return;
  descriptor_.async_wait(descriptor_.wait_read, [self = shared_from_this()](auto ec) {
    self->waits_to_read_ = false;
    if (!ec && self->context_ != nullptr && self->reading_) ::redisAsyncHandleRead(self->context_);
  });
}

void RedisConnection::wait_to_write() {
  if (std::exchange(waits_to_write_, true)) return;
  descriptor_.async_wait(descriptor_.wait_write, [self = shared_from_this()](auto ec) {
    self->waits_to_write_ = false;
    if (!ec && self->context_ != nullptr && self->writing_) ::redisAsyncHandleWrite(self->context_);
  });
}

}  // namespace pushlab::server
