#include "tests/conformance/engine/endpoint.hpp"

#include <fmt/format.h>

#include <random>

namespace pushlab::conformance {
namespace {

constexpr std::string_view placeholder = "{events}";

}  // namespace

Endpoint::Endpoint(Given given)
    : given_(std::move(given)), run_(fmt::format("{:08x}", std::random_device()())) {
  quiet_name_ = fmt::format("conform-{}-quiet", run_);
  url();
}

Publisher& Endpoint::publisher() const {
  if (!given_.publisher) throw Skip("needs a way to publish: --publish, or a target file");
  return *given_.publisher;
}

ProcessHold& Endpoint::process() const {
  if (!given_.process) throw Skip("needs a hold on the process: test a target file with [start]");
  return *given_.process;
}

Via& Endpoint::via() const {
  if (!given_.via) throw Skip("needs a proxy in between: --via nginx");
  return *given_.via;
}

bool Endpoint::has_own_channels() const {
  return given_.url.find(placeholder) != std::string::npos;
}

Url Endpoint::url_for(std::string const& names) const {
  auto text = given_.url;
  if (auto const at = text.find(placeholder); at != std::string::npos)
    text.replace(at, placeholder.size(), names);
  return Url::parse(text);
}

Endpoint::Channel Endpoint::channel() {
  std::lock_guard const lock(mutex_);
  auto name = has_own_channels() ? fmt::format("conform-{}-{}", run_, next_++) : given_.name;
  auto url = url_for(name);
  return {std::move(name), std::move(url)};
}

std::string Endpoint::marker() {
  std::lock_guard const lock(mutex_);
  // The end letter keeps marker 1 from being found in marker 10.
  return fmt::format("mark-{}-{}m", run_, next_++);
}

void Endpoint::publish(Channel const& channel, std::string const& text) {
  auto const answer = post(channel, notification(channel.name, "1", text));
  if (!answer.accepted())
    throw Skip(fmt::format("the endpoint refused what was published: {} {}", answer.status,
                           quoted(answer.body)));
}

Publisher::Answer Endpoint::post(Channel const& channel, std::string const& body) {
  return publisher().post(channel.name, body, answer_deadline());
}

Request Endpoint::request() const {
  Request request;
  if (given_.strategy == Strategy::sse)
    request.with("Accept", "text/event-stream").with("Cache-Control", "no-cache");
  for (auto const& field : given_.fields) request.with(field.name, field.value);
  return request;
}

std::any Endpoint::shared(std::string const& key, std::function<std::any()> const& make) {
  std::promise<std::any> promise;
  std::shared_future<std::any> future;
  bool mine = false;
  {
    std::lock_guard const lock(mutex_);
    auto const [at, fresh] = made_.try_emplace(key);
    if (fresh) at->second = promise.get_future().share();
    future = at->second;
    mine = fresh;
  }
  if (mine) {
    try {
      promise.set_value(make());
    } catch (...) {
      promise.set_exception(std::current_exception());
    }
  }
  return future.get();
}

}  // namespace pushlab::conformance
