#pragma once

#include <boost/json/object.hpp>
#include <cstddef>
#include <string>
#include <vector>

namespace pushlab::driver {

// Targets of one experiment that are measured in so many more blocks.
struct Extension {
  std::size_t experiment;  // index into decision.experiments
  std::vector<std::string> targets;
  unsigned blocks;
};

// What a decision whose claims were judged asks to be measured longer, and how much of it fits into
// `within_s`: at most four times as many blocks as there were, the cheapest experiments first. Each
// may have an equal part of the time, and what one leaves over goes to those behind it.
std::vector<Extension> plan_extensions(boost::json::object const& decision, double within_s);

}  // namespace pushlab::driver
