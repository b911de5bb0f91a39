// Writes the notification of an event and puts it into the ingest call.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "loadgen/client/marker.hpp"
#include "loadgen/load_plan.hpp"
#include "loadgen/loop/endpoint.hpp"
#include "loadgen/schedule/arrival_plan.hpp"

namespace pushlab::loadgen {

// Bytes of the smallest notification that carries the marker, whatever its name: 48 of one name.
std::size_t smallest_payload(unsigned names);

class NotificationWriter {
 public:
  NotificationWriter(LoadPlan const& plan, ArrivalPlan const& arrivals, Marker const& marker);

  // {"name":"t0","type":"update","id":7,"data":"plab:3fa2:0000002a xxx..."}, exactly as
  // long as the plan or the trace says. Where there is no room for data, the marker is the type:
  // {"name":"t0","type":"plab:3fa2:0000002a xx","id":7}.
  std::string notification(std::uint32_t event) const;

  // The whole HTTP/1.1 request, or MQTT packet, that publishes the event.
  std::string request(std::uint32_t event) const;

 private:
  LoadPlan const& plan_;
  ArrivalPlan const& arrivals_;
  Marker const& marker_;
};

}  // namespace pushlab::loadgen
