#include "servers/http/request_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <iterator>

namespace pushlab::server {
namespace http = boost::beast::http;
namespace {

// The target of a request line, as far as it has come.
std::string_view target_in(std::string_view line) {
  line.remove_prefix(std::min(line.find(' '), line.size() - 1) + 1);
  return line.substr(0, line.find(' '));
}

}  // namespace

std::string_view Request::field(std::string_view name) const {
  for (auto const& [key, value] : fields)
    if (boost::beast::iequals({key.data(), key.size()}, {name.data(), name.size()})) return value;
  return {};
}

struct RequestReader::Parser {
  http::request_parser<http::string_body> http;

  explicit Parser(RequestLimits const& limits) {
    http.eager(true);
    http.header_limit(limits.head_bytes);
    http.body_limit(limits.body_bytes);
  }
};

RequestReader::RequestReader(RequestLimits limits)
    : limits_(limits), parser_(std::make_unique<Parser>(limits)) {}
RequestReader::~RequestReader() = default;

RequestReader::Outcome RequestReader::feed(std::string_view bytes) {
  auto& parser = parser_->http;
  if (!pending_.empty()) {
    pending_ += bytes;
    bytes = pending_;
  }
  while (!bytes.empty() && !parser.is_done()) {
    // Beast 1.81 asserts that five bytes are here behind the head of the last chunk, where three
    // may be (boostorg/beast#2861). No rest of a chunked body is shorter, so it can wait for them.
    if (parser.is_header_done() && parser.chunked() && bytes.size() < 5) break;
    // Only a whole request line is taken by the parser, so that its target is seen here before.
    if (bytes.size() > limits_.target_bytes && parser.get().target().empty() &&
        target_in(bytes).size() > limits_.target_bytes)
      return fail(414,
                  fmt::format("The request target is longer than {} bytes.", limits_.target_bytes));
    boost::beast::error_code ec;
    auto const used = parser.put(boost::asio::buffer(bytes.data(), bytes.size()), ec);
    bytes.remove_prefix(used);
    if (ec == http::error::need_more) break;
    if (ec) {
      auto const status = ec == http::error::body_limit     ? 413
                          : ec == http::error::header_limit ? 431
                                                            : 400;
      return fail(status, "The request cannot be read: " + ec.message() + ".");
    }
  }
  if (pending_.empty())
    pending_ = bytes;
  else
    pending_.erase(0, pending_.size() - bytes.size());
  if (parser.is_done()) return Outcome::complete;
  if (parser.is_header_done() && !continued_ &&
      boost::beast::iequals(parser.get()[http::field::expect], "100-continue")) {
    continued_ = true;
    return Outcome::wants_continue;
  }
  return Outcome::need_more;
}

RequestReader::Outcome RequestReader::fail(int status, std::string detail) {
  failure_ = {status, std::move(detail)};
  return Outcome::bad;
}

Request RequestReader::take() {
  auto message = parser_->http.release();
  Request request;
  request.method = std::string{message.method_string()};
  request.target = Target::parse({message.target().data(), message.target().size()});
  request.fields.reserve(static_cast<std::size_t>(std::distance(message.begin(), message.end())));
  for (auto const& field : message)
    request.fields.emplace_back(std::string{field.name_string()}, std::string{field.value()});
  request.body = std::move(message.body());
  request.http_1_0 = message.version() < 11;
  request.keep_alive = message.keep_alive();
  parser_ = std::make_unique<Parser>(limits_);
  continued_ = false;
  return request;
}

bool RequestReader::empty() const {
  return pending_.empty() && !parser_->http.got_some();
}

}  // namespace pushlab::server
