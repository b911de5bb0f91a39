#include "driver/raw_json.hpp"

namespace pushlab::driver {
namespace {

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  // Takes the character when it is the next one after white space.
  bool take(char wanted) {
    skip_space();
    if (at_ >= text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  // The next value, whatever it is, as it stands.
  std::string_view value() {
    skip_space();
    auto const begin = at_;
    int depth = 0;
    for (; at_ < text_.size(); ++at_) {
      char const c = text_[at_];
      if (c == '"') {
        skip_string();
      } else if (c == '{' || c == '[') {
        ++depth;
      } else if (depth == 0 && ends_scalar(c)) {
        break;
      } else if (c == '}' || c == ']') {
        --depth;
      }
      if (depth == 0 && (c == '"' || c == '}' || c == ']')) {
        ++at_;
        break;
      }
    }
    return text_.substr(begin, at_ - begin);
  }

 private:
  static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
  static bool ends_scalar(char c) { return c == ',' || c == '}' || c == ']' || is_space(c); }

  void skip_space() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }

  // From the opening quotation mark to the closing one.
  void skip_string() {
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') ++at_;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<std::string_view> raw_member(std::string_view object, std::string_view name) {
  Scanner scanner(object);
  if (!scanner.take('{')) return std::nullopt;
  while (!scanner.take('}')) {
    auto const key = scanner.value();
    if (key.empty() || !scanner.take(':')) return std::nullopt;
    auto const value = scanner.value();
    if (key.size() == name.size() + 2 && key.substr(1, name.size()) == name) return value;
    scanner.take(',');
  }
  return std::nullopt;
}

std::vector<std::string_view> raw_elements(std::string_view array) {
  std::vector<std::string_view> elements;
  Scanner scanner(array);
  if (!scanner.take('[')) return elements;
  while (!scanner.take(']')) {
    auto const value = scanner.value();
    if (value.empty()) break;
    elements.push_back(value);
    scanner.take(',');
  }
  return elements;
}

}  // namespace pushlab::driver
