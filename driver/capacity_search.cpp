#include "driver/capacity_search.hpp"

#include <algorithm>
#include <cmath>

namespace pushlab::driver {

CapacitySearch::CapacitySearch(Bounds bounds) : bounds_(bounds), load_(rounded(bounds.start)) {}

double CapacitySearch::rounded(double load) const {
  auto const bounded = std::min(load, bounds_.most);
  return bounds_.whole ? std::max(1.0, std::round(bounded)) : bounded;
}

std::optional<CapacitySearch::Probe> CapacitySearch::next() const {
  if (stage_ == Stage::over) return std::nullopt;
  return Probe{load_, stage_ == Stage::confirming};
}

void CapacitySearch::tell(bool holds) {
  if (stage_ == Stage::over) return;
  ++probes_;
  if (holds) highest_ = std::max(highest_, load_);
  if (stage_ == Stage::confirming) {
    tell_confirmation(holds);
  } else if (holds) {
    holds_ = load_;
    if (load_ >= fails_) fails_ = 0;  // it failed by accident
    choose();
  } else {
    times_failed_ = load_ == fails_ ? times_failed_ + 1 : 1;
    fails_ = load_;
    choose();
  }
  if (probes_ >= bounds_.most_probes) stage_ = Stage::over;
}

void CapacitySearch::choose() {
  stage_ = Stage::searching;
  if (fails_ == 0) {
    load_ = rounded(holds_ * 2);
  } else if (holds_ == 0) {
    load_ = rounded(fails_ / 2);
  } else {
    load_ = rounded(std::sqrt(holds_ * fails_));
  }
  auto const narrow = holds_ > 0 && fails_ > 0 &&
                      (fails_ <= holds_ * bounds_.bracket || load_ == holds_ || load_ == fails_);
  auto const lowest = holds_ == 0 && fails_ > 0 && load_ < bounds_.start / 1024;
  if (narrow && times_failed_ < 2) {
    stage_ = Stage::checking_the_failed;
    load_ = fails_;
  } else if (narrow || holds_ >= bounds_.most) {
    stage_ = Stage::confirming;
    times_failed_ = 0;
    load_ = holds_;
  } else if (lowest || (holds_ == 0 && load_ == fails_)) {
    stage_ = Stage::over;
  }
}

void CapacitySearch::tell_confirmation(bool holds) {
  if (!holds) {
    if (++times_failed_ < 2) return;
    held_ = 0;
    times_failed_ = 0;
    auto const lower = rounded(load_ / bounds_.bracket);
    load_ = lower < load_ ? lower : load_ - 1;
    if (load_ < bounds_.start / 1024 || load_ <= 0) stage_ = Stage::over;
    return;
  }
  if (++held_ < bounds_.confirmations) return;
  confirmed_ = load_;
  stage_ = Stage::over;
}

}  // namespace pushlab::driver
