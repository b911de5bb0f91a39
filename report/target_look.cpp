#include "report/target_look.hpp"

#include <map>
#include <set>

#include "results/read.hpp"

namespace pushlab::report {

namespace json = boost::json;
using results::text_at;

std::string title_of(json::object const& target) {
  return text_at(target, "title", text_at(target, "id"));
}

bool is_floor(json::object const& target) {
  return text_at(target, "base", text_at(target, "id")) == "null";
}

std::size_t colour_of(json::object const& target) {
  return static_cast<std::size_t>(results::number_at(target, "colour").value_or(0));
}

void assign_colours(std::vector<json::object*> const& results) {
  std::map<std::string, std::size_t> known;
  std::size_t next = 0;
  for (json::object* result : results) {
    json::value* targets = result->if_contains("targets");
    if (targets == nullptr || !targets->is_array()) continue;
    std::set<std::size_t> taken;
    for (json::value& value : targets->get_array()) {
      json::object& target = value.as_object();
      std::size_t colour = floor_colour;
      if (!is_floor(target)) {
        auto const [found, fresh] = known.try_emplace(text_at(target, "id"), next % colours);
        if (fresh) ++next;
        colour = found->second;
        for (std::size_t i = 0; i < colours && taken.contains(colour); ++i)
          colour = (colour + 1) % colours;
        taken.insert(colour);
      }
      target["colour"] = colour;
    }
  }
}

}  // namespace pushlab::report
