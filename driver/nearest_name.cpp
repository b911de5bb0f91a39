#include "driver/nearest_name.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace pushlab::driver {
namespace {

// Levenshtein distance, one row at a time.
std::size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      std::size_t const replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string nearest_name(std::string_view given, std::vector<std::string> const& known) {
  std::string best;
  std::size_t best_edits = std::max<std::size_t>(2, given.size() / 3) + 1;
  for (auto const& name : known) {
    std::size_t const edits = edits_between(given, name);
    if (edits < best_edits && edits < name.size()) {
      best = name;
      best_edits = edits;
    }
  }
  return best;
}

}  // namespace pushlab::driver
