#pragma once

#include <string>
#include <string_view>

#include "tests/conformance/wire/deadline.hpp"
#include "tests/conformance/wire/http_message.hpp"

namespace pushlab::conformance {

// Posts a notification to the endpoint's backend side and returns when it was answered. Any number
// of threads may post at once.
class Publisher {
 public:
  struct Answer {
    int status = 0;
    std::string body;
    bool accepted() const { return status >= 200 && status < 300; }
  };

  virtual ~Publisher() = default;
  // `body` goes out as it is: a notification() for endpoints that take nothing else, any bytes for
  // those that pass a body on untouched. Throws WireError when there is no answer.
  virtual Answer post(std::string const& name, std::string const& body,
                      Deadline const& deadline) = 0;
};

// The ingest call of a target file or the URL template of --publish: {name} in the URL and in
// header values is the notification's name (percent-encoded in the URL), {notification} in the body
// is what is posted, {notification_text} the same inside a JSON string.
struct IngestCall {
  std::string method = "POST";
  std::string url;
  Fields fields{{"Content-Type", "application/json"}};
  std::string body = "{notification}";
};

class HttpPublisher final : public Publisher {
 public:
  explicit HttpPublisher(IngestCall call) : call_(std::move(call)) {}
  Answer post(std::string const& name, std::string const& body, Deadline const& deadline) override;

 private:
  IngestCall call_;
};

// {"name":..,"type":"update","id":..,"data":"<text>"}: what our servers take and others pass on.
std::string notification(std::string_view name, std::string_view id, std::string_view text);
// A JSON string literal: controls escaped, UTF-8 as it is.
std::string json_string(std::string_view text);

}  // namespace pushlab::conformance
