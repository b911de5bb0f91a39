#pragma once
// A gate as Markdown, for the step summary of a CI service or a comment.

#include <string>

#include "results/gate.hpp"

namespace pushlab::report {

// The verdict in one sentence, a table a target, what to do next, and the raw facts folded away.
// At most 200 kB: raw values that do not fit are in gate.json, and the text says so.
std::string gate_markdown(results::GateReport const& report);

}  // namespace pushlab::report
