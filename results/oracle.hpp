#pragma once
// What polling must show, by arithmetic: the lab has to reproduce it before it judges anybody.
//
// A client polls every P seconds at a phase of its own; events reach it at the rate l = 1/T, either
// as a Poisson process or evenly. r is what an event takes beyond waiting for the poll: to the
// server, and with the answer to the client.
//
//   poll_mean_freshness_ms   P/2 + r + lag, whatever the arrivals: the phase is uniform. `lag` is
//                            how late the load generator was, because latency runs from the plan
//   useless_share            Poisson: e^-lP, no event in P. Even: 1 - P/T, at least 0
//   useless_per_event_fixed  even, T > P: T/P polls an event, one of which finds it: T/P - 1
//   stale_share              fresh at u after an answer: no event in u + r. Poisson:
//                            1 - e^-lr (1 - e^-lP) / lP. Even: (P/2 + r) / T when T > P + r;
//                            1 - (T - r)^2 / 2TP when T < P
//
// l is the rate that the events had, of a Poisson process: 40 events in the mean are 34 as well as
// 46, and every repetition of a seed has the same ones. r is measured: the latency from the send at
// q = 0.05 less 0.05 P, because the fastest twentieth has waited that long at most and the rest of
// it is the way. It is not taken from the figures that are checked (mean, counts).

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "results/metric.hpp"

namespace pushlab::results {

// `scenario` and `target` as a result has them, the target with its repetitions. None: an unknown
// name, another strategy, or arrivals for which there is no closed form.
std::optional<double> oracle(std::string_view name, boost::json::object const& scenario,
                             boost::json::object const& target);

// The names of the closed forms that there are for a metric.
std::vector<std::string> oracles_of(std::string_view metric);

// How far from it is still close: 2 % of what is expected, or 0.001 of a share, because a share of
// 10^-5 is no request at all in what one run makes.
double closeness(Metric const& metric, double expected);

// One element for each target of a summarised result that polls or reloads:
//   {"id","title","reproduced","checks":[{"oracle","metric","value","lo","hi","expected",
//   "verdict"}]}
// verdict "inside" (the interval, widened by the histogram's half percent), "close" (see
// closeness()), "outside", "no interval" (also where it is outside of that of one repetition, which
// is too narrow), "few events" (outside, but of less than 30: their spread is hardly known).
// Reproduced: nothing outside, something inside or close.
boost::json::array reproduces(boost::json::object const& result);

// Whether a check of the target in result.oracles is outside: then its figures cannot be relied on.
bool contradicted(boost::json::object const& result, std::string_view target_id);

}  // namespace pushlab::results
