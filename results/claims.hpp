#pragma once
// The claims that a decision was made to judge: which hold, by what was measured.

#include <boost/json.hpp>
#include <map>
#include <set>
#include <string>

namespace pushlab::results {

// Judges every element of decision.claims, replacing what was said there before. Each check gets
// `outcome` (confirmed, refuted, undecided, missing), `sentence` and what was measured; each claim
// `verdict` (confirmed, refuted, depends, undecided, not testable here), `sentence`, and
// `depends_on` or `reason` where the verdict has one. An optional check that is missing counts for
// nothing; any other missing one leaves the claim undecided, unless the rest disagrees already. The
// same decision gives the same verdicts. Throws ResultError when a check has no rule.
//
// Targets of experiments[].extended were measured longer because a claim was undecided. What looks
// twice errs more often, so their ratios are then judged by intervals of 97.5 % (and equality by
// 95 %): both looks together are wrong in at most 7.5 % of the claims that lie on their limit.
void judge_claims(boost::json::object& decision);

// What measuring longer may decide: by experiment, the targets whose ratio has an interval that is
// too wide for an undecided claim. Of claims that were judged.
std::map<std::string, std::set<std::string>> undecided_ratios(boost::json::object const& decision);

}  // namespace pushlab::results
