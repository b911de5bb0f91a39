#include "results/scoring.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "results/criterion.hpp"

namespace pushlab::results {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

Values drawn(std::vector<Candidate> const& candidates, Dice& dice) {
  Values values;
  for (auto const& candidate : candidates) {
    auto& row = values.emplace_back();
    for (auto const& measure : candidate.measures)
      row.push_back(measure ? measure->value.draw(dice) : nothing);
  }
  return values;
}

// At least as good in all that was measured of both, and better in something.
bool beats(std::vector<double> const& a, std::vector<double> const& b) {
  bool better = false;
  for (std::size_t c = 0; c < a.size(); ++c) {
    if (std::isnan(a[c]) || std::isnan(b[c])) continue;
    if (a[c] < b[c]) return false;
    better = better || a[c] > b[c];
  }
  return better;
}

// Those with the best score; none when nothing was measured that counts.
std::vector<std::size_t> leaders_of(std::vector<std::optional<std::size_t>> const& standing,
                                    Totals const& totals) {
  constexpr double equal = 1e-9;
  std::optional<double> best;
  for (auto const& one : standing)
    if (one) best = std::max(best, totals[*one]);
  std::vector<std::size_t> leaders;
  for (auto const& one : standing)
    if (one && totals[*one] && *totals[*one] >= *best - equal) leaders.push_back(*one);
  return leaders;
}

}  // namespace

Values values_of(std::vector<Candidate> const& candidates) {
  Values values;
  for (auto const& candidate : candidates) {
    auto& row = values.emplace_back();
    for (auto const& measure : candidate.measures)
      row.push_back(measure ? measure->value.value : nothing);
  }
  return values;
}

Values scores_of(Values const& values) {
  Values scores = values;
  for (std::size_t c = 0; c < criteria().size(); ++c) {
    double best = std::numeric_limits<double>::infinity();
    for (auto const& row : values)
      if (row[c] < best) best = row[c];
    for (auto& row : scores) row[c] = score(criteria()[c], row[c], best);
  }
  return scores;
}

Totals totals_of(Values const& scores, std::vector<double> const& weights) {
  Totals totals;
  for (auto const& row : scores) {
    double sum = 0;
    double counted = 0;
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (std::isnan(row[c])) continue;
      sum += weights[c] * row[c];
      counted += weights[c];
    }
    totals.push_back(counted > 0 ? std::optional(sum / counted) : std::nullopt);
  }
  return totals;
}

std::vector<std::optional<std::size_t>> representatives(std::vector<Candidate> const& candidates,
                                                        Totals const& totals) {
  std::vector<std::optional<std::size_t>> standing(options().size());
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    auto& best = standing[candidates[i].option];
    auto const rank = [&](std::size_t k) {
      return std::pair(!candidates[k].third_party, totals[k]);
    };
    if (!best || rank(i) > rank(*best)) best = i;
  }
  return standing;
}

Tally tally(std::vector<Candidate> const& candidates, std::vector<double> const& weights,
            std::vector<std::optional<std::size_t>> const& standing) {
  Tally found{{}, std::vector<double>(candidates.size()), std::vector<double>(candidates.size())};
  Dice dice;
  for (int draw = 0; draw < draws; ++draw) {
    auto const scores = scores_of(drawn(candidates, dice));
    auto const leaders = leaders_of(standing, totals_of(scores, weights));
    for (auto const one : leaders)
      found.wins[one] += 1.0 / draws / static_cast<double>(leaders.size());
    if (!leaders.empty()) found.leaders[leaders] += 1.0 / draws;
    for (auto const& one : standing) {
      if (!one) continue;
      bool const beaten = std::ranges::any_of(standing, [&](auto const& other) {
        return other && other != one && beats(scores[*other], scores[*one]);
      });
      if (!beaten) found.front[*one] += 1.0 / draws;
    }
  }
  return found;
}

std::optional<Turn> turn(std::vector<Candidate> const& candidates, std::vector<double> weights,
                         std::size_t criterion, bool up) {
  auto const scores = scores_of(values_of(candidates));
  double const weight = weights[criterion];
  auto const winners = [&](double factor) {
    weights[criterion] = weight * factor;
    auto const totals = totals_of(scores, weights);
    std::vector<std::size_t> found;
    for (auto const leader : leaders_of(representatives(candidates, totals), totals))
      found.push_back(candidates[leader].option);
    return found;
  };
  auto const now = winners(1);
  if (now.empty()) return std::nullopt;
  constexpr double furthest = 1e6;  // nothing else counts then
  constexpr double step = 1.1;
  for (double factor = step; factor < furthest && weight > 0; factor *= step) {
    auto const at = [&](double f) { return winners(up ? f : 1 / f); };
    auto const still = [&](double f) { return std::ranges::count(at(f), now.front()) > 0; };
    if (still(factor)) continue;
    double same = factor / step;
    for (int i = 0; i < 30; ++i) {
      double const middle = std::sqrt(same * factor);
      (still(middle) ? same : factor) = middle;
    }
    return Turn{up ? factor : 1 / factor, at(factor).front()};
  }
  return std::nullopt;
}

}  // namespace pushlab::results
