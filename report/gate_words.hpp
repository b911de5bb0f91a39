#pragma once
// A gate in words: what the table, the summary and the page have in common. All of it is text.

#include <optional>
#include <string>
#include <vector>

#include "results/gate.hpp"

namespace pushlab::report {

// "1.02 ms", "–" when there is none.
std::string gate_amount(std::optional<double> value, std::string_view unit);
// "+8.1 %", "+∞ %", "–": an effect.
std::string gate_change(std::optional<double> share);
// "5 %": a tolerance or a limit.
std::string gate_share(std::optional<double> share);
// "[+6.4 %, +9.9 %]", empty when there are none.
std::string gate_bounds(results::GatedMetric const& metric);

// "main (8b62c63)", or the name alone.
std::string gate_side(std::string const& name, std::string const& version);

// "SSE / Event, median subscriber: 8.1 % more, at least 6.4 %, and 2 more"; of those with the
// gate's verdict the first.
std::string gate_reason(results::GateReport const& report);
// "fail: SSE / ...".
std::string gate_sentence(results::GateReport const& report);

// What can be done about the verdict, a sentence each; none when it passed.
std::vector<std::string> gate_next_steps(results::GateReport const& report);

}  // namespace pushlab::report
