#include "tests/conformance/proxy/matrix.hpp"

#include <future>

#include "tests/conformance/wire/wire_error.hpp"

namespace pushlab::conformance {
namespace {

// A probe that finds no answer, or is interrupted, leaves its part of the row empty.
template <class Probe>
void try_to(Probe const& probe) {
  try {
    probe();
  } catch (WireError const&) {
  } catch (Overdue const&) {
  }
}

template <class Probe>
std::future<void> beside(Probe probe) {
  return std::async(std::launch::async, [probe] { try_to(probe); });
}

void ask_all_twice(MatrixRow& row, Via& via, Settings const& settings) {
  for (std::string const value : {"", "no-cache", "max-age=60", "no-store"})
    row.sharing.emplace_back(value, ask_twice(*via.origin, via.front, value, settings));
}

void flow(MatrixRow& row, Endpoint& endpoint) {
  try {
    row.flows = measure_flow(endpoint);
  } catch (std::exception const& error) {
    row.no_flow = error.what();
  }
}

}  // namespace

void measure(MatrixRow& row, Endpoint& endpoint) {
  auto& via = endpoint.via();
  auto& origin = *via.origin;
  auto const& front = via.front;
  auto const& settings = endpoint.settings();
  row.changes = {{"the request", "sent", ""}};  // unless it arrives
  try_to([&] {                                  // first: a proxy that has just begun is slow
    row.changes = changes(origin, front, settings);
    row.first = first_answer(endpoint, endpoint.url());
  });
  std::vector<std::future<void>> probes;
  probes.push_back(beside([&] { flow(row, endpoint); }));
  probes.push_back(
      beside([&] { row.idle_fin = leave_idle(origin, front, Ending::fin, settings); }));
  probes.push_back(
      beside([&] { row.idle_rst = leave_idle(origin, front, Ending::rst, settings); }));
  probes.push_back(beside([&] { row.busy = leave_busy(origin, front, Ending::fin, settings); }));
  probes.push_back(
      beside([&] { row.upgrade = try_upgrade(origin, front, endpoint.answer_deadline()); }));
  probes.push_back(beside([&] {
    row.fin = die(origin, front, Ending::fin, settings);
    row.rst = die(origin, front, Ending::rst, settings);
  }));
  probes.push_back(beside([&] { ask_all_twice(row, via, settings); }));
}

void measure_stalled(MatrixRow& row, Endpoint& endpoint) {
  auto& via = endpoint.via();
  try_to([&] { row.stalled = stall(*via.origin, via.front, endpoint.settings()); });
}

void measure_idle(MatrixRow& row, Endpoint& endpoint) {
  auto& via = endpoint.via();
  auto const add = [&](std::optional<Idle>& idle, Silence kind) {
    return beside([&via, &endpoint, &idle, kind] {
      idle = stay_idle(*via.origin, via.front, kind, endpoint.settings());
    });
  };
  auto const stream = add(row.stream, Silence::stream);
  auto const poll = add(row.poll, Silence::poll);
  auto const socket = add(row.socket, Silence::socket);
}

}  // namespace pushlab::conformance
