#pragma once
// A gate as JUnit XML, in the form that Jenkins (junit-10.xsd), GitLab and GitHub's actions read.

#include <string>

#include "results/gate.hpp"

namespace pushlab::report {

// A suite a target, a case a metric and one more: whether the measurement is valid. Fail is a
// failure, invalid an error; undecided is skipped, because JUnit has no warning. What XML cannot
// hold (control characters, broken UTF-8) becomes U+FFFD.
std::string gate_junit(results::GateReport const& report);

}  // namespace pushlab::report
