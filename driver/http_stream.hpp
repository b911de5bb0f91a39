#pragma once

#include <curl/curl.h>

#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "driver/tail_session.hpp"

namespace pushlab::driver {

// Following the URL makes no sense; what() is the sentence for the user.
struct TailError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// GET requests one after the other on kept connections, each answer given as it comes (libcurl).
class HttpStream {
 public:
  struct Answer {
    long status = 0;                             // 0: no answer came
    std::map<std::string, std::string> headers;  // of the last response; names in lower case
    std::string error;                           // why the transfer broke off; empty: it ended
    bool stopped = false;                        // by `take` or because the session was over
    std::string header(std::string const& name) const;
  };
  // Gets the answer so far and new bytes of the body; false stops the transfer.
  using Take = std::function<bool(Answer const&, std::string_view)>;

  HttpStream();
  Answer get(std::string const& url, std::vector<std::string> const& headers,
             TailSession const& session, Take const& take);

 private:
  struct Transfer;
  static std::size_t on_header(char* line, std::size_t size, std::size_t count, void* transfer);
  static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* transfer);
  CURLcode perform(TailSession const& session, Answer& answer);

  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy_;
  std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)> multi_;
};

// The URL with one more query parameter, percent-encoded; one of the same name is replaced.
std::string with_parameter(std::string const& url, std::string const& name,
                           std::string const& value);

}  // namespace pushlab::driver
