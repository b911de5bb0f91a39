#include "loadgen/schedule/trace.hpp"

#include <fmt/core.h>

#include <boost/json.hpp>
#include <charconv>
#include <fstream>
#include <sstream>

#include "loadgen/publisher/notification.hpp"

namespace pushlab::loadgen {

namespace {

namespace json = boost::json;

std::optional<std::uint32_t> name_number(std::string_view name) {
  std::uint32_t number = 0;
  if (!name.starts_with('t')) return std::nullopt;
  auto const [end, error] = std::from_chars(name.data() + 1, name.data() + name.size(), number);
  if (error != std::errc{} || end != name.data() + name.size()) return std::nullopt;
  return number;
}

class LineReader {
 public:
  LineReader(std::string const& file, LoadPlan const& plan) : file_(file), plan_(plan) {}

  TraceLine read(std::string_view text, std::size_t number);
  [[noreturn]] void fail(std::string const& problem) const {
    throw BadTrace(fmt::format("{}:{}: {}", file_, number_, problem));
  }

 private:
  double time_of(json::object const& object) const;
  std::uint32_t name_of(json::value const& value) const;
  std::uint32_t bytes_of(json::value const& value) const;

  std::string const& file_;
  LoadPlan const& plan_;
  std::size_t number_ = 1;
};

TraceLine LineReader::read(std::string_view text, std::size_t number) {
  number_ = number;
  boost::system::error_code error;
  auto const value = json::parse(text, error);
  if (error || !value.is_object())
    fail("not a JSON object: write e.g. {\"t\":12.5,\"name\":\"t3\"}");
  auto const& object = value.as_object();
  TraceLine line;
  line.at_s = time_of(object);
  if (auto const* name = object.if_contains("name")) line.name = name_of(*name);
  if (auto const* bytes = object.if_contains("bytes")) line.bytes = bytes_of(*bytes);
  return line;
}

double LineReader::time_of(json::object const& object) const {
  auto const* const t = object.if_contains("t");
  if (t == nullptr || !t->is_number()) fail("t is missing or no number: give the seconds");
  return t->to_number<double>();
}

std::uint32_t LineReader::name_of(json::value const& value) const {
  auto const number = value.is_string() ? name_number(value.as_string()) : std::nullopt;
  if (!number || *number >= plan_.names)
    fail(fmt::format("name is {}, not one of t0 to t{}: mend it or raise names",
                     json::serialize(value), plan_.names - 1));
  return *number;
}

std::uint32_t LineReader::bytes_of(json::value const& value) const {
  auto const least = smallest_payload(plan_.names);
  constexpr std::int64_t most = 1 << 20;
  if (!value.is_int64() || value.as_int64() < static_cast<std::int64_t>(least) ||
      value.as_int64() > most)
    fail(fmt::format("bytes is {}: give a whole number from {} to {}", json::serialize(value),
                     least, most));
  return static_cast<std::uint32_t>(value.as_int64());
}

}  // namespace

Trace parse_trace(std::string_view text, std::string const& file, LoadPlan const& plan) {
  Trace trace;
  trace.speed = plan.trace_speed;
  LineReader reader(file, plan);
  double first_s = 0;
  std::size_t number = 0;
  while (!text.empty()) {
    auto const end = std::min(text.find('\n'), text.size());
    auto const line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    auto read = reader.read(line, number);
    if (trace.lines.empty()) first_s = read.at_s;
    read.at_s -= first_s;
    if (!trace.lines.empty() && read.at_s < trace.lines.back().at_s)
      reader.fail("t is smaller than on the line before: sort the lines by t");
    trace.lines.push_back(read);
  }
  auto const count = static_cast<double>(trace.lines.size());
  if (trace.lines.empty() || trace.lines.back().at_s <= 0)
    reader.fail("the trace has no two different times: give at least two lines with different t");
  trace.period_s = trace.lines.back().at_s * count / (count - 1);
  return trace;
}

Trace read_trace(std::string const& file, LoadPlan const& plan) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw BadTrace(fmt::format("the trace {} cannot be read: is it there?", file));
  std::ostringstream text;
  text << in.rdbuf();
  return parse_trace(text.str(), file, plan);
}

}  // namespace pushlab::loadgen
