#pragma once
// The measured results in a run: one of an ordinary run, several of a decision.

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace pushlab::results {

inline constexpr char const* decision_schema = "pushlab.decision/1";

struct Experiment {
  std::string name;
  boost::json::object const* result;  // summarised
};

// They refer to `run`.
std::vector<Experiment> experiments_of(boost::json::object const& run);
// "SSE (Boost.Asio)"; the id when it has no title.
std::string title_of(boost::json::object const& target);
// Its events carry no data: clients fetch.
bool sends_refresh(boost::json::object const& target);
// Measured validly, in every repetition.
bool is_valid(boost::json::object const& target);
// The titles of those of a result that were not.
std::vector<std::string> invalid_targets(boost::json::object const& result);

// What speaks against the figures of a run, a sentence each: what was not measured validly, what is
// too close to the instrument, polling that is not as arithmetic has it; in which experiment.
std::vector<std::string> reservations(boost::json::object const& run);

}  // namespace pushlab::results
