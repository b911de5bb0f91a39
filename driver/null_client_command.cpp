#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "driver/commands.hpp"
#include "driver/proc_sampler.hpp"
#include "loadgen/null_client/null_client.hpp"

namespace pushlab::driver {
namespace {

struct NullClientFlags {
  std::string client_url;
  std::string ingest_url;
  pid_t server_pid = 0;
  unsigned clients = 0;
  unsigned payload_bytes = 200;
};

constexpr double one_by_one_s = 0.5;  // what a delivery costs when each is read by itself
constexpr double flat_out_s = 1;      // nobody waits for anybody
constexpr std::uint64_t most_on_their_way = 8;
// To one client; the null server does not come back to a socket that was full.
constexpr std::uint64_t most_bytes_on_their_way = 65536;

boost::json::object read(NullClientFlags const& flags) {
  loadgen::NullClient client(flags.client_url, flags.ingest_url, flags.clients,
                             flags.payload_bytes);
  ProcSampler server(flags.server_pid);
  auto const server_before_ns = server.cpu_ns();
  auto const one_by_one = client.read_for(one_by_one_s, 1);
  auto const server_ns = server.cpu_ns() - server_before_ns;
  auto const window = std::clamp<std::uint64_t>(most_bytes_on_their_way / client.bytes_of_event(),
                                                1, most_on_their_way);
  auto const flat_out = client.read_for(flat_out_s, static_cast<unsigned>(window));
  auto const each_us = [&](std::int64_t ns) {
    return static_cast<double>(ns) / 1e3 / (static_cast<double>(one_by_one.events) * flags.clients);
  };
  return {
      {"clients", flags.clients},
      {"measured_s", one_by_one.seconds + flat_out.seconds},
      {"events", one_by_one.events + flat_out.events},
      {"event_bytes", client.bytes_of_event()},
      {"bytes_received", one_by_one.bytes + flat_out.bytes},
      {"window", window},
      {"deliveries_per_s", static_cast<double>(flat_out.events) * flags.clients / flat_out.seconds},
      {"null_client_cpu_us_per_delivery", each_us(one_by_one.cpu_ns)},
      {"null_server_cpu_us_per_delivery", each_us(server_ns)}};
}

}  // namespace

void add_null_client_command(CLI::App& app, int& exit_status) {
  auto* command = app.add_subcommand(
      "null-client", "Read the null server with clients that only count bytes; one JSON object");
  auto flags = std::make_shared<NullClientFlags>();
  command->group("");  // what a run starts; nothing for users
  command->add_option("--client-url", flags->client_url)->required();
  command->add_option("--ingest-url", flags->ingest_url)->required();
  command->add_option("--server-pid", flags->server_pid)->required();
  command->add_option("--clients", flags->clients)->required()->check(CLI::PositiveNumber);
  command->add_option("--payload", flags->payload_bytes);
  command->callback([flags, &exit_status] {
    fmt::print("{}\n", boost::json::serialize(read(*flags)));
    exit_status = 0;
  });
}

}  // namespace pushlab::driver
