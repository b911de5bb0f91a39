#pragma once

#include <any>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "tests/conformance/engine/finding.hpp"
#include "tests/conformance/engine/process_hold.hpp"
#include "tests/conformance/engine/publisher.hpp"
#include "tests/conformance/engine/rule.hpp"
#include "tests/conformance/engine/settings.hpp"
#include "tests/conformance/wire/http_message.hpp"
#include "tests/conformance/wire/url.hpp"

namespace pushlab::conformance {

struct Via;

// What is tested, and what the checker was given to test it with. All cases share it, on several
// threads.
class Endpoint {
 public:
  struct Given {
    std::string url;               // {events} in it is filled with the names to subscribe to
    std::string name = "conform";  // what to publish under when the URL has no {events}
    Strategy strategy = Strategy::sse;
    Fields fields;  // to send with every request: credentials
    Settings settings;
    std::shared_ptr<Publisher> publisher;  // null: L0 only
    std::shared_ptr<ProcessHold> process;  // null: no L2
    std::shared_ptr<Via> via;              // null: no proxy of ours in between
  };

  // A name to publish under and the URL that subscribes to it.
  struct Channel {
    std::string name;
    Url url;
  };

  explicit Endpoint(Given given);  // throws std::invalid_argument for a URL that is none

  Strategy strategy() const { return given_.strategy; }
  Settings const& settings() const { return given_.settings; }
  Fields const& fields() const { return given_.fields; }
  bool has_publisher() const { return given_.publisher != nullptr; }
  bool has_process() const { return given_.process != nullptr; }
  Publisher& publisher() const;  // throws Skip when there is none
  ProcessHold& process() const;  // throws Skip when there is none
  Via& via() const;              // throws Skip when there is none
  Deadline answer_deadline() const { return Deadline::in(given_.settings.answer_s); }

  // The URL, subscribed to a name on which this run publishes nothing: quiet, unless the URL has
  // no {events} or the endpoint has a life of its own.
  Url url() const { return url_for(quiet_name_); }
  // A channel of one's own, so that cases that run side by side do not hear each other. With a URL
  // without {events} all channels have that URL; look for your own marker in what arrives.
  Channel channel();
  bool has_own_channels() const;  // whether the URL has {events}
  // Subscribed to these names, comma-joined; the URL itself when it has no {events}.
  Url url_for(std::string const& names) const;

  // Text that occurs nowhere else: put it into what you publish, look for it in what arrives. Plain
  // letters, digits and '-', so that no coding changes it.
  std::string marker();
  // Posts notification(channel.name, id, text) and throws Skip unless it was accepted.
  void publish(Channel const& channel, std::string const& text);
  // Posts the bytes as they are, for cases that judge the answer.
  Publisher::Answer post(Channel const& channel, std::string const& body);

  // GET with the given fields and, on an SSE endpoint, what EventSource sends.
  Request request() const;

  // Something expensive that many cases look at, made by whoever needs it first while the others
  // wait. An exception of `make` reaches them all. T is const for everybody.
  template <class T>
  std::shared_ptr<T const> once(std::string const& key, std::function<T()> const& make) {
    auto made = shared(key, [&] { return std::any(std::make_shared<T const>(make())); });
    return std::any_cast<std::shared_ptr<T const>>(made);
  }

 private:
  std::any shared(std::string const& key, std::function<std::any()> const& make);

  Given given_;
  std::string run_;  // random, part of all names and markers
  std::string quiet_name_;
  std::mutex mutex_;
  std::uint64_t next_ = 0;
  std::map<std::string, std::shared_future<std::any>> made_;
};

}  // namespace pushlab::conformance
