#include "results/format.hpp"

#include <fmt/format.h>

#include <algorithm>

#include <cmath>

#include "results/metric.hpp"
#include "results/read.hpp"

namespace pushlab::results {

namespace json = boost::json;

std::string number(double value) {
  double const size = std::abs(value);
  if (size == 0) return "0";
  if (size < 0.0995) return fmt::format("{:.3g}", value);
  if (size < 9.995) return fmt::format("{:.2f}", value);
  if (size < 99.95) return fmt::format("{:.1f}", value);
  std::string digits = fmt::format("{:.0f}", value);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > (value < 0 ? 1 : 0);
       at -= 3) {
    if (size >= 9999.5) digits.insert(static_cast<std::size_t>(at), 1, ' ');
  }
  return digits;
}

std::string quantity(double value, std::string_view unit) {
  if (unit == "share") return number(value * 100) + " %";
  if (unit.empty() && value == std::floor(value) && std::abs(value) < 9999.5) {
    return fmt::format("{:.0f}", value);
  }
  return unit.empty() ? number(value) : fmt::format("{} {}", number(value), unit);
}

std::string quantity(json::object const& figure, Metric const& metric) {
  if (auto const value = number_at(figure, "value")) return quantity(*value, metric.unit);
  return truth_at(figure, "undelivered", false) ? std::string(infinite_text(metric)) : "–";
}

std::string list(std::vector<std::string> const& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
    text += names[i];
  }
  return text;
}

std::string wrapped(std::string_view text, std::size_t indent, std::size_t column) {
  constexpr std::size_t width = 110;
  std::string result;
  bool first = true;  // on its line
  while (!text.empty()) {
    auto const end = std::min(text.find(' '), text.size());
    std::string_view const word = text.substr(0, end);
    if (!first && column + 1 + word.size() > width) {
      result += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (!first) {
      result += ' ';
      ++column;
    }
    result += word;
    first = false;
    column += word.size();
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result + '\n';
}

std::string load(json::object const& result) {
  json::object const& scenario = object_at(result, "scenario");
  auto const of = [&](char const* name) { return number_at(scenario, name).value_or(0); };
  auto const plural = [](double count, char const* noun) {
    return fmt::format("{} {}{}", quantity(count, ""), noun, count == 1 ? "" : "s");
  };
  return fmt::format("{}, {} event{}/s ({}), notifications of {} bytes, {} of {:g} s",
                     plural(of("clients"), "client"), fmt::format("{:g}", of("rate")),
                     of("rate") == 1 ? "" : "s", text_at(scenario, "arrivals", "unknown arrivals"),
                     quantity(of("payload_bytes"), ""), plural(of("repetitions"), "repetition"),
                     of("measure_s"));
}

json::object const& figure_of(json::object const& target, std::string_view metric_id) {
  return object_at(object_at(target, "figures"), metric_id);
}

}  // namespace pushlab::results
