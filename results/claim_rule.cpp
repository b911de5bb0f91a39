#include "results/claim_rule.hpp"

#include <fmt/format.h>

#include <cmath>

#include "results/format.hpp"
#include "results/read.hpp"

namespace pushlab::results {

namespace json = boost::json;

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::confirmed:
      return "confirmed";
    case Outcome::refuted:
      return "refuted";
    case Outcome::border:
      return "at the limit";
    case Outcome::undecided:
      return "undecided";
    case Outcome::missing:
      break;
  }
  return "missing";
}

Rule Rule::of(json::object const& check) {
  Rule rule;
  auto const set = [&](char const* word, double lo, double hi) {
    if (!rule.word_.empty())
      throw ResultError(fmt::format("the check \"{}\" has both {} and {}", text_at(check, "title"),
                                    rule.word_, word));
    rule.word_ = word;
    rule.lo_ = lo;
    rule.hi_ = hi;
  };
  for (char const* word : {"below", "above", "at_least", "at_most"})
    if (auto const limit = number_at(check, word)) set(word, *limit, *limit);
  json::array const& within = array_at(check, "within");
  if (within.size() == 2 && within[0].is_number() && within[1].is_number())
    set("within", within[0].to_number<double>(), within[1].to_number<double>());
  if (rule.word_.empty())
    throw ResultError(fmt::format("the check \"{}\" has no rule", text_at(check, "title")));
  return rule;
}

Outcome Rule::judge(Interval const& interval) const {
  auto const kept = [this](double value) {
    if (word_ == "below") return value < hi_;
    if (word_ == "above") return value > lo_;
    if (word_ == "at_least") return value >= lo_;
    if (word_ == "at_most") return value <= hi_;
    return value >= lo_ && value <= hi_;
  };
  bool const lo = kept(interval.lo);
  bool const hi = kept(interval.hi);
  if (lo && hi) return Outcome::confirmed;
  // Both ends outside on different sides: the rule lies within.
  bool const around = interval.lo < lo_ && interval.hi > hi_;
  if (!lo && !hi && !(word_ == "within" && around)) return Outcome::refuted;
  return is_border(interval) ? Outcome::border : Outcome::undecided;
}

// The margin is that of the comparisons' "equal". What lies within two limits is like something
// already.
bool Rule::is_border(Interval const& interval) const {
  double const margin = 0.1 * std::abs(lo_);
  return word_ != "within" && interval.lo >= lo_ - margin && interval.hi <= lo_ + margin;
}

std::string Rule::text(std::string_view unit) const {
  if (word_ == "within" && lo_ == hi_) return quantity(lo_, unit);
  if (word_ == "within")
    return fmt::format("{} to {}", unit == "share" ? quantity(lo_, unit) : number(lo_),
                       quantity(hi_, unit));
  if (word_ == "at_least") return fmt::format("at least {}", quantity(lo_, unit));
  if (word_ == "at_most") return fmt::format("at most {}", quantity(lo_, unit));
  return fmt::format("{} {}", word_, quantity(lo_, unit));
}

}  // namespace pushlab::results
