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

std::optional<std::size_t> best_of(std::vector<std::optional<std::size_t>> const& standing,
                                   std::vector<double> const& totals) {
  std::optional<std::size_t> best;
  for (auto const& one : standing)
    if (one && (!best || totals[*one] > totals[*best])) best = one;
  return best;
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

std::vector<double> totals_of(Values const& scores, std::vector<double> const& weights) {
  std::vector<double> totals;
  for (auto const& row : scores) {
    double sum = 0;
    double counted = 0;
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (std::isnan(row[c])) continue;
      sum += weights[c] * row[c];
      counted += weights[c];
    }
    totals.push_back(counted > 0 ? sum / counted : 0);
  }
  return totals;
}

std::vector<std::optional<std::size_t>> representatives(std::vector<Candidate> const& candidates,
                                                        std::vector<double> const& totals) {
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
  Tally found{std::vector<double>(candidates.size()), std::vector<double>(candidates.size())};
  Dice dice;
  for (int draw = 0; draw < draws; ++draw) {
    auto const scores = scores_of(drawn(candidates, dice));
    auto const best = best_of(standing, totals_of(scores, weights));
    if (best) found.wins[*best] += 1.0 / draws;
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
  auto const winner = [&](double factor) {
    weights[criterion] = weight * factor;
    auto const totals = totals_of(scores, weights);
    auto const best = best_of(representatives(candidates, totals), totals);
    return best ? candidates[*best].option : options().size();
  };
  auto const now = winner(1);
  constexpr double furthest = 1e6;  // nothing else counts then
  constexpr double step = 1.1;
  for (double factor = step; factor < furthest && weight > 0; factor *= step) {
    auto const at = [&](double f) { return winner(up ? f : 1 / f); };
    if (at(factor) == now) continue;
    double same = factor / step;
    for (int i = 0; i < 30; ++i) {
      double const middle = std::sqrt(same * factor);
      (at(middle) == now ? same : factor) = middle;
    }
    return Turn{up ? factor : 1 / factor, at(factor)};
  }
  return std::nullopt;
}

}  // namespace pushlab::results
