#include "tests/conformance/engine/runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>

#include "tests/conformance/wire/wire_error.hpp"

namespace pushlab::conformance {
namespace {

// Why the case cannot run with what was given.
std::optional<std::string> obstacle(Case const& one, Endpoint const& endpoint) {
  auto const& rule = one.rule;
  if (!one.check) return "not testable black-box: " + one.why_not;
  auto const& about = rule.strategies;
  if (std::find(about.begin(), about.end(), endpoint.strategy()) == about.end())
    return fmt::format("not about {}", name_of(endpoint.strategy()));
  if (rule.level == Level::publish && !endpoint.has_publisher())
    return "needs a way to publish: --publish, or a target file";
  if (rule.level == Level::process && !endpoint.has_process())
    return "needs a hold on the process: test a target file with [start]";
  if (one.needs.slow && !endpoint.settings().slow) return "takes minutes: --slow runs it";
  return {};
}

Result broken_off(Rule const& rule, std::string expected, std::string seen) {
  return {rule, fail(std::move(expected), std::move(seen)), 0, true};
}

Result judge(Case const& one, Endpoint& endpoint) {
  if (auto why = obstacle(one, endpoint)) return {one.rule, skip(*why), 0};
  if (Deadline::stopped()) return {one.rule, skip("interrupted"), 0};
  Deadline::Limit const limit(Deadline::in(one.needs.limit_s).when());
  try {
    return {one.rule, one.check(endpoint), 0};
  } catch (Skip const& reason) {
    return {one.rule, skip(reason.what()), 0};
  } catch (Overdue const&) {
    if (Deadline::stopped()) return {one.rule, skip("interrupted"), 0};
    return broken_off(one.rule, fmt::format("an end within {} s", one.needs.limit_s), "none");
  } catch (WireError const& error) {
    return broken_off(one.rule, "an answer to judge", error.what());
  } catch (std::exception const& error) {
    return broken_off(one.rule, "a case that runs", error.what());
  }
}

// The work of one run_cases() call.
class Round {
 public:
  Round(std::vector<Case> const& cases, Endpoint& endpoint, RunPlan const& plan)
      : cases_(cases), endpoint_(endpoint), plan_(plan), results_(cases.size()) {}

  std::vector<Result> run() {
    std::vector<std::size_t> together, alone;
    for (std::size_t i = 0; i < cases_.size(); ++i) {
      if (obstacle(cases_[i], endpoint_))
        results_[i] = run_case(cases_[i], endpoint_);
      else
        (cases_[i].needs.alone ? alone : together).push_back(i);
    }
    total_ = together.size() + alone.size();
    run_together(std::move(together));
    for (auto const i : alone) {
      run_at(i);
      if (endpoint_.has_process() && !endpoint_.process().running()) endpoint_.process().restart();
    }
    return std::move(results_);
  }

 private:
  void run_together(std::vector<std::size_t> order) {
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return std::pair(cases_[b].needs.limit_s, a) < std::pair(cases_[a].needs.limit_s, b);
    });
    std::atomic<std::size_t> next = 0;
    auto const work = [&] {
      for (auto i = next++; i < order.size(); i = next++) run_at(order[i]);
    };
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < std::min<std::size_t>(plan_.threads, order.size()); ++i)
      threads.emplace_back(work);
  }

  void run_at(std::size_t i) {
    results_[i] = run_case(cases_[i], endpoint_);
    std::lock_guard const lock(mutex_);
    ++done_;
    if (plan_.progress) plan_.progress(done_, total_);
  }

  std::vector<Case> const& cases_;
  Endpoint& endpoint_;
  RunPlan const& plan_;
  std::vector<Result> results_;
  std::mutex mutex_;
  std::size_t done_ = 0;
  std::size_t total_ = 0;
};

}  // namespace

Result run_case(Case const& one, Endpoint& endpoint) {
  auto const begin = Clock::now();
  auto result = judge(one, endpoint);
  result.took_s = seconds_between(begin, Clock::now());
  return result;
}

std::vector<Result> run_cases(std::vector<Case> const& cases, Endpoint& endpoint,
                              RunPlan const& plan) {
  return Round(cases, endpoint, plan).run();
}

bool failed(std::vector<Result> const& results, bool strict) {
  return std::any_of(results.begin(), results.end(), [strict](Result const& result) {
    auto const verdict = result.finding.verdict;
    if (strict) return verdict == Verdict::fail || verdict == Verdict::warn;
    return verdict == Verdict::fail && result.rule.severity != Severity::minor;
  });
}

}  // namespace pushlab::conformance
