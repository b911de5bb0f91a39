#pragma once
// The null client: clients that count bytes and nothing else, at the null server. How much they get
// is the most that this machine carries with one send() and one recv() a delivery, server and
// clients beside each other on its cores. A target near it is not measured, the machine is.

#include <boost/json.hpp>
#include <string>
#include <string_view>

namespace pushlab::results {

// "ok" up to 70 % of the ceiling, "suspect" up to 90 %, "machine-bound" beyond.
std::string_view ceiling_verdict(double share);

// Into each of `ceilings` that was measured: what the load generator takes at the same null server,
// and how many times the null client's it is. Into every target that has one: `ceiling_share`, its
// deliveries per second as a share of the ceiling. Only streams that carry the same bytes have
// one, and only where every client gets every event, as from the null server. Reads the targets'
// `figures`.
void write_ceiling_shares(boost::json::object& result);

// One of `ceilings` as a sentence, measured or not.
std::string ceiling_sentence(boost::json::object const& ceiling);

}  // namespace pushlab::results
