#include "driver/capacity_ceiling.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cmath>

#include "driver/ceiling.hpp"
#include "driver/program_path.hpp"
#include "results/ceiling.hpp"
#include "results/format.hpp"

namespace pushlab::driver {
namespace json = boost::json;

json::value capacity_ceiling(CapacityQuestion const& question, double confirmed,
                             std::filesystem::path const& logs) {
  if (!is_stream(read_target(question.target).strategy)) return nullptr;
  auto const clients =
      question.vary_clients ? static_cast<unsigned>(std::llround(confirmed)) : question.clients;
  auto const rate = question.vary_clients ? question.rate : confirmed;
  json::object ceiling;
  try {
    auto const null = read_target(find_target_file("null", scenarios_folder()));
    ceiling = measure_ceiling(
        {null, clients, question.payload_bytes, divide_cores(), logs,
         fmt::format("{}-{}", question.target.stem().string(), question.threads.value_or(0))});
  } catch (InputError const& error) {
    return json::object{{"error", error.what()}};
  }
  if (ceiling.contains("error")) return ceiling;
  auto const share = clients * rate / ceiling.at("deliveries_per_s").to_number<double>();
  ceiling["share"] = share;
  ceiling["verdict"] = results::ceiling_verdict(share);
  return ceiling;
}

std::string capacity_ceiling_sentence(json::value const& value) {
  if (!value.is_object()) return "";
  auto const& ceiling = value.get_object();
  if (auto const* error = ceiling.if_contains("error"))
    return fmt::format("The ceiling of this machine was not measured: {}.",
                       error->as_string().c_str());
  return fmt::format(
      "That is {} of the {} deliveries/s that {} clients which only count bytes get from the null "
      "server: {}.",
      results::quantity(ceiling.at("share").to_number<double>(), "share"),
      results::number(ceiling.at("deliveries_per_s").to_number<double>()),
      ceiling.at("clients").to_number<unsigned>(), ceiling.at("verdict").as_string().c_str());
}

}  // namespace pushlab::driver
