#pragma once
// The claims that a decision was made to judge: which hold, by what was measured.

#include <boost/json.hpp>

namespace pushlab::results {

// Judges every element of decision.claims, replacing what was said there before. Each check gets
// `outcome` (confirmed, refuted, undecided, missing), `sentence` and what was measured; each claim
// `verdict` (confirmed, refuted, depends, undecided, not testable here), `sentence`, and
// `depends_on` or `reason` where the verdict has one. An optional check that is missing counts for
// nothing; any other missing one leaves the claim undecided, unless the rest disagrees already. The
// same decision gives the same verdicts. Throws ResultError when a check has no rule.
void judge_claims(boost::json::object& decision);

}  // namespace pushlab::results
