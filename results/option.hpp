#pragma once
// Who stands to choose from, and what was measured of each.

#include <boost/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "results/uncertain.hpp"

namespace pushlab::results {

struct Option {
  std::string_view id;
  std::string_view title;
  std::string_view strategy;  // of the targets that carry it
};
std::span<Option const> options();

struct Measure {
  Uncertain value;  // for the scale `share` already the share of what is good
  std::string metric;
  std::string basis;  // where it comes from: an experiment, or "3 experiments"
};

// A target that may win: measured validly, nothing lost.
struct Candidate {
  std::size_t option;  // index into options()
  boost::json::object const* target;
  bool third_party;
  std::string by_way;  // the experiment in which it was measured, when that was another one
  std::vector<std::optional<Measure>> measures = {};  // in the order of criteria()
};

struct Field {
  std::string experiment;  // where the candidates were measured together
  std::vector<Candidate> candidates;
  std::vector<std::string> absent;  // for each option: empty, or why nobody stands for it
  std::vector<bool> unknown;        // ... it was tried, but not validly: it may be the best of all
  std::vector<bool> contradicted;   // ... it stands with figures that arithmetic contradicts
};

// The candidates come from the one experiment that has most options, so that they carried the same
// load. An option that is missing there comes from another one by way of a target that is in both:
// its figures are in the proportion that they had to that target's. Refers to `run`.
Field field_of(boost::json::object const& run);

}  // namespace pushlab::results
