#pragma once
// What a decision is weighed by.

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pushlab::results {

enum class Scale {
  ratio,  // the lower the better: 1 for the best, 0 for a hundred times as much
  share,  // 0..1, the higher the better: it is its own score
};

struct Criterion {
  std::string_view id;  // as in --weights
  std::string_view title;
  std::string_view unit;
  double weight;  // unless the reader gives another
  Scale scale;
  std::vector<std::string_view> metrics;  // the first one that was measured; empty: not a figure
  double enough;                          // who is better than this is not better for anybody
  std::string_view explanation;
  std::string_view phrase;  // "because ..."; the figure goes where {} stands
};

std::span<Criterion const> criteria();

// By id; what is not given keeps its default.
using Weights = std::map<std::string, double, std::less<>>;
// One for each criterion, together 1. All zero: all equal.
std::vector<double> normalised(Weights const& weights);

// 0..1. A value that is not measured is NaN, and so is its score.
double score(Criterion const& criterion, double value, double best);

}  // namespace pushlab::results
