#include "driver/repetition.hpp"

#include <fmt/format.h>

#include "driver/tls_setup.hpp"

namespace pushlab::driver {
namespace json = boost::json;
namespace fs = std::filesystem;

Repetition::Repetition(Contender const& contender, PlannedRepetition const& planned,
                       Place const& place)
    : contender_(contender),
      stem_((place.folder / fmt::format("{}-{}{}", contender.name, planned.block + 1, place.suffix))
                .string()),
      files_(path(".files")),
      start_{files_, path(".server.log"), place.cores.server, {}, {}},
      server_(std::make_unique<TargetProcess>(contender.target, start_)),
      client_path_(place.scenario, server_->client_base()),
      // The block's schedule is the same for every target in it.
      load_{contender.scenario, contender.target,
            contender.options,  place.scenario.seed + planned.block,
            place.cores.load,   path(".load.json"),
            path(".load.log"),  client_path_.client_base(),
            path(".phases")} {}

std::string Repetition::path(std::string const& ending) const {
  return stem_ + ending;
}

void Repetition::begin(std::optional<LoadChild::Turn> turn) {
  if (auto const& planned = contender_.scenario.disruption)
    disruption_.emplace(*planned, load_.phases);
  child_ = load_.start(*server_, turn);
}

json::object Repetition::finish(std::function<void()> const& progress) {
  auto result = load_.finish(*child_, server_, [&] {
    progress();
    return disruption_ ? disruption_->step(server_, contender_.target, start_)
                       : std::chrono::milliseconds(500);
  });
  if (disruption_ && disruption_->done()) result["disruption"] = *disruption_->done();
  if (auto const setups = contender_.scenario.tls_setups;
      setups > 0 && has_tls_setup(contender_.target))
    result["tls"] = measure_tls_setup(contender_.target, *server_, setups);
  if (auto* server_object = result.if_contains("server")) {
    for (auto const& count : contender_.counts)
      if (count.value) server_object->as_object()[count.id] = *count.value;
  }
  server_->stop();
  fs::remove(load_.phases);
  fs::remove_all(files_);
  fs::remove(load_.json_file);  // it becomes part of result.json
  if (fs::is_empty(load_.log)) fs::remove(load_.log);
  return result;
}

}  // namespace pushlab::driver
