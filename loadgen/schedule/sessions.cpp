#include "loadgen/schedule/sessions.hpp"

#include <cmath>
#include <numbers>

#include "loadgen/loop/clock.hpp"
#include "loadgen/schedule/random.hpp"

namespace pushlab::loadgen {

namespace {

constexpr double sigma = 1.5;

// One client's own slice of the stream: 2^32 draws.
class Draws {
 public:
  Draws(LoadPlan const& plan, std::uint64_t client) : seed_(plan.seed), next_(client << 32) {}

  double unit() { return random_unit(seed_, Stream::sessions, next_++); }
  double normal() {  // Box and Muller, 1958
    auto const radius = std::sqrt(2 * random_exponential(seed_, Stream::sessions, next_++));
    return radius * std::cos(2 * std::numbers::pi * unit());
  }

 private:
  std::uint64_t seed_;
  std::uint64_t next_;
};

}  // namespace

std::vector<Absence> absences_of(LoadPlan const& plan, std::uint64_t client, std::int64_t end_ns) {
  std::vector<Absence> out;
  Draws draws(plan, client);
  auto const session_s = [&] { return plan.churn_session_s * std::exp(sigma * draws.normal()); };
  auto const pause_ns = ns_from_s(plan.churn_pause_s);
  // A session that is met at a random instant is a long one: of a log-normal distribution its
  // length is larger by the factor e^(sigma^2), and what is left of it is uniform in it.
  auto at = ns_from_s(session_s() * std::exp(sigma * sigma) * draws.unit());
  while (at < end_ns) {
    out.push_back({at, at + pause_ns});
    at += pause_ns + ns_from_s(session_s());
  }
  return out;
}

}  // namespace pushlab::loadgen
