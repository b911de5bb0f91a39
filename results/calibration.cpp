#include "results/calibration.hpp"

#include "results/floor.hpp"
#include "results/read.hpp"

namespace pushlab::results {

namespace json = boost::json;

bool depends_on_machine(Metric const& metric, std::string_view strategy) {
  if (metric.unit == "µs") return true;
  bool const by_interval = strategy == "short-poll" || strategy == "reload";
  bool const latency = metric.path.starts_with("latency") || metric.source == Source::events;
  return metric.unit == "ms" && !metric.path.starts_with("recovery") && !(by_interval && latency);
}

json::object const* null_server(json::object const& result) {
  for (json::value const& value : array_at(result, "targets")) {
    json::object const* target = value.if_object();
    if (target != nullptr && is_floor(*target) && truth_at(*target, "valid", true)) return target;
  }
  return nullptr;
}

}  // namespace pushlab::results
