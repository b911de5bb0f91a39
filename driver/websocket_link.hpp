#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>
#include <string_view>

#include "driver/tail_session.hpp"

namespace pushlab::driver {

// The bytes below a WebSocket, with TLS for wss: libcurl 7.88 connects, the rest is sent raw.
// Throws TailError for a URL that cannot be; a lost connection is an answer, not an exception.
class WebSocketLink {
 public:
  enum class State { open, lost };

  // `headers` are added to the opening handshake. Gives the reason when it did not succeed.
  std::string connect(std::string const& url, std::vector<std::string> const& headers,
                      TailSession const& session);
  // Waits for bytes at most until the session is over and appends them.
  State receive(std::string& bytes, TailSession const& session);
  State send(std::string_view bytes);

  // What came after the handshake in the same read.
  std::string take_early_bytes() { return std::move(early_); }

 private:
  std::string shake_hands(std::string const& url, std::vector<std::string> const& headers,
                          TailSession const& session);

  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy_{nullptr, &curl_easy_cleanup};
  std::string early_;
};

}  // namespace pushlab::driver
