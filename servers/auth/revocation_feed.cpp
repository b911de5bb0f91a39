#include "servers/auth/revocation_feed.hpp"

#include <utility>

namespace pushlab::server {
namespace {

constexpr std::size_t max_batch = 256;

}  // namespace

// Each watched key has a channel of its own. A pattern over all sessions would bring every touch of
// every session of the site to every loop, watched or not, and Redis tries patterns one by one at
// every message that anybody publishes; channels it finds in a table.
RevocationFeed::RevocationFeed(boost::asio::io_context& io, RedisOptions const& options,
                               Listener listener)
    : channel_(options.revocation_channel),
      key_prefix_("__keyspace@" + std::to_string(options.db) + "__:"),
      listener_(std::move(listener)),
      link_(io, options) {
  link_.on_up([this] { begin(); });
  link_.on_down([this](std::string const& why) { on_down(why); });
  link_.on_message([this](auto& channel, auto& text) { on_message(channel, text); });
}

void RevocationFeed::begin() {
  link_.command({"CONFIG", "GET", "notify-keyspace-events"}, [this](RedisReply reply) {
    if (reply.is(RedisReply::Kind::no_answer)) return;
    understand(reply);
    link_.subscribe({channel_}, [this](RedisReply subscribed) {
      if (subscribed.is(RedisReply::Kind::no_answer)) return;
      is_listening_ = true;
      listener_.on_listening();
    });
  });
}

// `K`: events by key; behind it the kinds of events. Who may not ask gets along with the channel
// and the looks.
void RevocationFeed::understand(RedisReply const& events) {
  auto const is_told = events.elements.size() == 2;
  auto const kinds = is_told ? events.elements[1].text : "";
  tells_keys_ = may_hear_keys_ && kinds.find('K') != std::string::npos &&
                kinds.find_first_of("Ag$xe") != std::string::npos;
}

void RevocationFeed::add(std::string const& key) {
  if (!keys_.emplace(key, Place::queued).second) return;
  queue_.push_back(key);
  pump();
}

void RevocationFeed::remove(std::string const& key) {
  auto const found = keys_.extract(key);
  if (!found.empty() && found.mapped() == Place::subscribed) link_.unsubscribe(key_prefix_ + key);
}

// One batch after the other: who comes meanwhile goes with the next.
void RevocationFeed::pump() {
  if (is_subscribing_ || !hears_keys()) return;
  std::vector<std::string> keys, channels;
  for (; !queue_.empty() && keys.size() < max_batch; queue_.pop_front()) {
    auto const found = keys_.find(queue_.front());
    if (found == keys_.end() || std::exchange(found->second, Place::subscribed) != Place::queued)
      continue;
    channels.push_back(key_prefix_ + found->first);
    keys.push_back(found->first);
  }
  if (keys.empty()) return;
  is_subscribing_ = true;
  link_.subscribe(channels, [this, keys](RedisReply reply) {
    is_subscribing_ = false;
    if (reply.is(RedisReply::Kind::no_answer)) return;
    for (auto const& key : keys) listener_.on_heard(key);
    pump();
  });
}

void RevocationFeed::on_message(std::string const& channel, std::string const& text) {
  if (channel == channel_) return listener_.on_order(text);
  if (channel.starts_with(key_prefix_))
    listener_.on_key_event(channel.substr(key_prefix_.size()), text);
}

void RevocationFeed::on_down(std::string const& why) {
  // The channels of keys are not for this user, by an ACL. Without them the connection lasts.
  if (is_listening_ && why.starts_with("NOPERM")) may_hear_keys_ = false;
  is_listening_ = is_subscribing_ = false;
  keys_.clear();
  queue_.clear();
}

}  // namespace pushlab::server
