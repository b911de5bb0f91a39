#include "loadgen/client/http_response.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace pushlab::loadgen {

namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
  auto const begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

}  // namespace

bool has_token(std::string_view value, std::string_view token) {
  while (true) {
    auto const comma = value.find(',');
    if (same(trimmed(value.substr(0, comma)), token)) return true;
    if (comma == std::string_view::npos) return false;
    value.remove_prefix(comma + 1);
  }
}

std::string_view HttpResponse::next(std::string_view& input) {
  if (state_ == State::head) take_head(input);
  switch (state_) {
    case State::chunked: {
      auto const piece = chunks_.next(input);
      if (chunks_.done()) state_ = State::done;
      if (chunks_.failed()) state_ = State::failed;
      return piece;
    }
    case State::length: {
      auto const piece = input.substr(0, std::min<std::uint64_t>(left_, input.size()));
      input.remove_prefix(piece.size());
      left_ -= piece.size();
      if (left_ == 0) state_ = State::done;
      return piece;
    }
    case State::until_end:
      return std::exchange(input, {});
    case State::head:
    case State::done:
    case State::failed:
      return {};
  }
  return {};
}

void HttpResponse::take_head(std::string_view& input) {
  while (state_ == State::head && !input.empty()) {
    auto const old_size = head_.size();
    head_ += input.substr(0, head_limit + 1 - std::min(old_size, head_limit));
    auto const end = head_.find("\r\n\r\n", old_size < 3 ? 0 : old_size - 3);
    if (end == std::string::npos) {
      input = {};
      if (head_.size() > head_limit) state_ = State::failed;
      return;
    }
    head_.resize(end + 2);
    input.remove_prefix(end + 4 - old_size);
    if (!read_status_line()) {
      state_ = State::failed;
    } else if (status_ >= 100 && status_ < 200 && status_ != 101) {
      head_.clear();  // an interim response: the real one follows
    } else {
      choose_framing();
    }
  }
}

bool HttpResponse::read_status_line() {
  std::string_view const head = head_;
  if (!head.starts_with("HTTP/1.") || head.size() < 12 || head[8] != ' ') return false;
  auto const [end, error] = std::from_chars(head.data() + 9, head.data() + 12, status_);
  if (error != std::errc{} || end != head.data() + 12 || status_ < 100) return false;
  keeps_alive_ = head[7] != '0';
  return true;
}

void HttpResponse::choose_framing() {
  auto const connection = header("connection");
  if (connection && has_token(*connection, "close")) keeps_alive_ = false;
  if (connection && has_token(*connection, "keep-alive")) keeps_alive_ = true;
  if (status_ == 101 || status_ == 204 || status_ == 304) {
    state_ = State::done;
    return;
  }
  auto const coding = header("transfer-encoding");
  if (coding) {
    state_ = has_token(*coding, "chunked") ? State::chunked : State::until_end;
    return;
  }
  auto const length = header("content-length");
  if (!length) {
    state_ = State::until_end;
    keeps_alive_ = false;
    return;
  }
  auto const [end, error] = std::from_chars(length->data(), length->data() + length->size(), left_);
  if (error != std::errc{} || end != length->data() + length->size()) {
    state_ = State::failed;
  } else {
    state_ = left_ > 0 ? State::length : State::done;
  }
}

std::optional<std::string_view> HttpResponse::header(std::string_view name) const {
  std::string_view rest = head_;
  rest.remove_prefix(std::min(rest.find("\r\n"), rest.size()));
  while (rest.size() > 2) {
    rest.remove_prefix(2);
    auto const line = rest.substr(0, rest.find("\r\n"));
    auto const colon = line.find(':');
    if (colon != std::string_view::npos && same(line.substr(0, colon), name)) {
      return trimmed(line.substr(colon + 1));
    }
    rest.remove_prefix(line.size());
  }
  return std::nullopt;
}

}  // namespace pushlab::loadgen
