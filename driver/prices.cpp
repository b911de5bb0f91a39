#include "driver/prices.hpp"

#include "driver/toml_reader.hpp"

namespace pushlab::driver {

boost::json::object read_prices(std::filesystem::path const& path) {
  constexpr TomlTable::Range price{0, 1e6};
  constexpr TomlTable::Range share{0.01, 1};
  auto root = TomlTable::from_text(read_toml_text(path), path.string());
  boost::json::object prices{{"title", root.text("title")}, {"date", root.text("date")}};
  for (auto const* key : {"vcpu_hour", "gib_hour", "egress_gb"})
    prices[key] = root.number(key, price);
  for (auto const* key : {"utilisation", "ram_headroom"}) prices[key] = root.number(key, share);
  root.finish();
  return prices;
}

}  // namespace pushlab::driver
