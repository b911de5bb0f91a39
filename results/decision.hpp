#pragma once
// Which option the measurements support, and how surely.

#include <boost/json.hpp>

#include "results/criterion.hpp"

namespace pushlab::results {

// Of a decision or an ordinary result, summarised:
// {"verdict":  "chosen" | "tie" | "unclear" | "incomplete" | "alone" | "none",
//  "sentence", "experiment", "once": one repetition, "chosen": an option's id or null,
//  "between": [ids], "sure": 0..1,
//  "runner_up": id or null,
//  "criteria": [{"id","title","unit","weight","explanation","phrase"}],
//  "options": [{"id","title","target","target_title","third_party","by_way","score","wins",
//               "front",
//               "measures":{criterion:{"value","lo","hi","metric","basis","score"}}}
//              or {"id","title","absent": why}],
//  "targets": [{"id","title","option","third_party","score","measures"}], the best first,
//  "sensitivity": [{"criterion","up","up_to","down","down_to","sentence"}]}
// Each option is represented by its best own target (by a third-party one when there is no own).
// `wins` and `front` are shares of the draws from the figures' intervals: has the best score (a
// draw with several is shared among them); is beaten by nobody in everything. An option with 90 %
// of the wins is chosen. Options that have the best score together in 90 % of the draws are a tie.
// When one was tried and not measured validly, or is not as arithmetic says (oracle.hpp), the
// decision is incomplete. `score` is null where nothing was measured that counts.
boost::json::object decide(boost::json::object const& run, Weights const& weights = {});

}  // namespace pushlab::results
