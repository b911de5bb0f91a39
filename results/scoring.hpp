#pragma once
// Scores of the candidates, once from the figures and many times from their intervals.

#include <map>
#include <optional>
#include <vector>

#include "results/option.hpp"

namespace pushlab::results {

using Values = std::vector<std::vector<double>>;  // [candidate][criterion]; NaN: not measured

Values values_of(std::vector<Candidate> const& candidates);
Values scores_of(Values const& values);
// Weighted means of what was measured of each: a criterion without a figure does not count for it.
// None where nothing counts.
using Totals = std::vector<std::optional<double>>;
Totals totals_of(Values const& scores, std::vector<double> const& weights);
// For each option its best own candidate, or its best at all.
std::vector<std::optional<std::size_t>> representatives(std::vector<Candidate> const& candidates,
                                                        Totals const& totals);

struct Tally {
  // The shares of the draws in which exactly these candidates have the best score: more than one
  // when nothing tells them apart.
  std::map<std::vector<std::size_t>, double> leaders;
  std::vector<double> wins;   // for each candidate: the share of the draws in which it wins; those
                              // who lead together share the draw
  std::vector<double> front;  // ... in which no other representative is better in everything
};
Tally tally(std::vector<Candidate> const& candidates, std::vector<double> const& weights,
            std::vector<std::optional<std::size_t>> const& standing);

// By which factor the weight of a criterion must grow or shrink until another option has the best
// score; none when it never does.
struct Turn {
  double factor;
  std::size_t to;  // the option
};
std::optional<Turn> turn(std::vector<Candidate> const& candidates, std::vector<double> weights,
                         std::size_t criterion, bool up);

}  // namespace pushlab::results
