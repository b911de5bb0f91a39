#pragma once

#include <boost/json/object.hpp>
#include <cstddef>
#include <string>

namespace pushlab::driver {

// How many repetitions of a run may be carried out once more: a quarter of them, at least one.
std::size_t most_second_tries(std::size_t repetitions);

// What is kept of a repetition whose place another one takes: {started, reasons, checks}.
boost::json::object discarded(boost::json::object const& repetition);

// Its reasons, in one line for the terminal.
std::string why_discarded(boost::json::object const& discarded);

}  // namespace pushlab::driver
