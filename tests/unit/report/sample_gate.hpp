#pragma once
// Gates made up for tests.

#include "results/gate.hpp"

namespace pushlab::sample {

// Four targets, one of each verdict; of the metrics' optionals some are absent, one bound is
// infinite.
results::GateReport gate();

// One target that passes.
results::GateReport passed_gate();

// The same as gate(), and every text holds quotes, `<`, `]]>`, `|`, `#`, a line end, a control
// character.
results::GateReport hostile_gate();
constexpr auto hostile = "a\"b'<c>&]]>|#d\n\x01\x7f\\`*e";

}  // namespace pushlab::sample
