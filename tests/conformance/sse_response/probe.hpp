#pragma once

#include <string>
#include <vector>

#include "tests/conformance/engine/capture.hpp"

// What the sections of SSE-RESP share: short requests to the stream's URL.
namespace pushlab::conformance {

// The URL behind the redirects.
Url stream_url(Endpoint& endpoint);

// The head of the answer; the connection is closed at once.
Head head_for(Endpoint& endpoint, Request const& request);
Head head_for(Endpoint& endpoint, Url const& url, Request const& request);

// "text/event-stream" of "text/Event-Stream; charset=utf-8".
std::string media_type(Head const& head);
bool is_stream(Head const& head);  // 200 and text/event-stream

bool contains(std::vector<std::string> const& members, std::string_view member);  // any case

// "HTTP/1.1 200 OK, text/html": an answer in one line.
std::string in_short(Head const& head);

// A request with no credentials among its fields; whether the endpoint was given any.
Request without_credentials(Endpoint const& endpoint);
bool has_credentials(Endpoint const& endpoint);

// The finding that weighs most: fail, warn, info, pass, skip; the first of equals.
Finding worst(std::vector<Finding> const& findings);

}  // namespace pushlab::conformance
