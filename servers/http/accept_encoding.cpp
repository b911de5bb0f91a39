#include "servers/http/accept_encoding.hpp"

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <optional>

namespace pushlab::server {
namespace {

bool same(std::string_view a, std::string_view b) {
  return boost::beast::iequals({a.data(), a.size()}, {b.data(), b.size()});
}

std::string_view trimmed(std::string_view text) {
  auto const first = std::min(text.find_first_not_of(" \t"), text.size());
  return text.substr(first, text.find_last_not_of(" \t") + 1 - first);
}

// The part before the separator, which the rest loses with it.
std::string_view cut(std::string_view& rest, char separator) {
  auto const end = std::min(rest.find(separator), rest.size());
  auto const part = trimmed(rest.substr(0, end));
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

// Thousandths, of `0.5`: a 0 or 1 and at most three digits, no more than one in all.
std::optional<int> qvalue(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  auto thousandths = (text[0] - '0') * 1000;
  if (text.size() > 1 && text[1] != '.') return std::nullopt;
  auto weight = 100;
  for (auto const digit : text.substr(std::min<std::size_t>(2, text.size()))) {
    if (digit < '0' || digit > '9') return std::nullopt;
    thousandths += (digit - '0') * weight;
    weight /= 10;
  }
  if (thousandths > 1000) return std::nullopt;
  return thousandths;
}

struct Preference {
  std::string_view coding;
  int q = 0;
};

std::optional<Preference> preference(std::string_view entry) {
  Preference read{cut(entry, ';'), 1000};
  if (read.coding.empty()) return std::nullopt;
  if (entry.empty()) return read;
  auto const name = cut(entry, '=');
  auto const q = qvalue(trimmed(entry));
  if (!same(name, "q") || !q) return std::nullopt;
  read.q = *q;
  return read;
}

bool names(std::string_view entry, std::string_view coding) {
  return same(entry, coding) || (same(entry, "x-gzip") && coding == "gzip");
}

// How much a coding is liked: as it is named, else as `*` says. Of two entries the first counts.
std::optional<int> liking(Request const& request, std::string_view coding) {
  std::optional<int> of_all;
  for (auto const& [name, value] : request.fields) {
    if (!same(name, "Accept-Encoding")) continue;
    for (std::string_view rest = value; !rest.empty();) {
      auto const read = preference(cut(rest, ','));
      if (!read) continue;
      if (names(read->coding, coding)) return read->q;
      if (read->coding == "*" && !of_all) of_all = read->q;
    }
  }
  return of_all;
}

}  // namespace

std::string_view accepted_coding(Request const& request,
                                 std::span<std::string_view const> offered) {
  std::string_view best;
  auto best_q = 0;
  for (auto const coding : offered) {
    auto const q = liking(request, coding).value_or(0);
    if (q > best_q) {
      best = coding;
      best_q = q;
    }
  }
  // Who does not speak of identity takes it, but would rather have what he asked for.
  return best_q >= liking(request, "identity").value_or(0) ? best : std::string_view{};
}

}  // namespace pushlab::server
