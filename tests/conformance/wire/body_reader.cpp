#include "tests/conformance/wire/body_reader.hpp"

#include <algorithm>
#include <charconv>

namespace pushlab::conformance {
namespace {

std::optional<std::size_t> content_length(Head const& head) {
  auto const text = head.value("Content-Length");
  std::size_t size = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return {};
  return size;
}

}  // namespace

Instant Body::arrival_of(std::size_t offset) const {
  auto const behind =
      std::upper_bound(pieces.begin(), pieces.end(), offset,
                       [](std::size_t at, Piece const& piece) { return at < piece.offset; });
  return behind == pieces.begin() ? Instant() : std::prev(behind)->at;
}

Body::Framing framing_of(Head const& head, std::string_view method) {
  bool const bodiless =
      head.status < 200 || head.status == 204 || head.status == 304 || method == "HEAD";
  if (bodiless) return Body::Framing::none;
  auto const codings = head.members("Transfer-Encoding");
  if (!codings.empty())
    return same_text(codings.back(), "chunked") ? Body::Framing::chunked
                                                : Body::Framing::until_close;
  return content_length(head) ? Body::Framing::length : Body::Framing::until_close;
}

BodyReader::BodyReader(Connection& connection, Head const& head, std::string_view method)
    : connection_(connection) {
  body_.framing = framing_of(head, method);
  body_.announced = content_length(head);
  bool const empty = body_.framing == Body::Framing::none ||
                     (body_.framing == Body::Framing::length && *body_.announced == 0);
  if (!empty) return;
  body_.end = Body::End::complete;
  body_.ended_at = head.at;
}

bool BodyReader::read(Deadline const& deadline, Enough const& enough) {
  while (true) {
    if (enough && enough(body_)) return true;
    if (body_.end != Body::End::open) return true;
    auto const arrival = connection_.receive(deadline);
    if (arrival.kind == Arrival::Kind::nothing) return false;
    if (arrival.kind == Arrival::Kind::bytes)
      take(arrival);
    else
      finish(arrival);
  }
}

void BodyReader::take(Arrival const& arrival) {
  std::string_view const bytes = arrival.bytes;
  auto const before = body_.content.size();
  std::size_t used = bytes.size();
  if (body_.framing == Body::Framing::chunked) {
    used = chunked_.feed(bytes, arrival.at, body_);
  } else {
    if (body_.framing == Body::Framing::length)
      used = std::min(used, *body_.announced - body_.content.size());
    body_.content += bytes.substr(0, used);
    body_.wire_size += used;
    if (body_.framing == Body::Framing::length && body_.content.size() == *body_.announced)
      body_.end = Body::End::complete;
  }
  if (body_.content.size() > before) body_.pieces.push_back({before, arrival.at});
  if (body_.end == Body::End::open) return;
  body_.ended_at = arrival.at;
  connection_.put_back(std::string(bytes.substr(used)), arrival.at);
}

void BodyReader::finish(Arrival const& arrival) {
  body_.ended_at = arrival.at;
  if (arrival.kind == Arrival::Kind::reset)
    body_.end = Body::End::reset;
  else
    body_.end = body_.framing == Body::Framing::until_close ? Body::End::complete : Body::End::cut;
}

}  // namespace pushlab::conformance
