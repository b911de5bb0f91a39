#include "servers/http/query.hpp"

#include <algorithm>

#include "servers/hub/subscriptions.hpp"
#include "tests/fuzz/servers/promise.hpp"

using namespace pushlab::server;

// Decoding never grows, and leaves alone what has nothing to decode; a subscription holds each name
// once and none that is empty.
extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  std::string_view const text{reinterpret_cast<char const*>(data), size};
  auto const decoded = percent_decoded(text);
  promise(decoded.size() <= size);
  if (text.find_first_of("%+") == std::string_view::npos) promise(decoded == text);
  auto const target = Target::parse(text);
  Subscription subscription;
  for (auto const& [name, value] : target.query) {
    promise(target.value(name).has_value());
    add_names(subscription, value);
  }
  for (auto const& name : subscription.names) {
    promise(!name.empty() && subscription.covers(name));
    promise(std::count(subscription.names.begin(), subscription.names.end(), name) == 1);
  }
  return 0;
}
