#include "tests/conformance/compression/compression.hpp"

#include <algorithm>

#include "tests/conformance/compression/sections.hpp"

namespace pushlab::conformance {

std::vector<Case> compression_cases() {
  std::vector<Case> all;
  for (auto const section :
       {compression_negotiation_cases, compression_stream_cases, compression_format_cases,
        compression_cost_cases, compression_offer_cases, compression_sent_message_cases,
        compression_received_message_cases})
    for (auto& one : section()) all.push_back(std::move(one));
  std::sort(all.begin(), all.end(),
            [](Case const& a, Case const& b) { return a.rule.id < b.rule.id; });
  return all;
}

}  // namespace pushlab::conformance
