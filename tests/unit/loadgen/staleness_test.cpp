// The share of stale time against what one finds with pencil and paper.
#include <gtest/gtest.h>

#include "loadgen/loop/clock.hpp"
#include "loadgen/recorder/recorder.hpp"

namespace pushlab::loadgen {
namespace {

constexpr std::int64_t start = 1000 * ns_per_s;

std::int64_t at(double s) {
  return start + ns_from_s(s);
}

// Event i of `names` names is meant for start + i s; measured from 10 s to 20 s.
class Staleness : public testing::Test {
 protected:
  explicit Staleness(unsigned names = 1) : plan_(plan_of(names)), subscriptions_(plan_) {
    for (std::size_t i = 0; i < log_.size(); ++i) {
      log_[i].intended = at(static_cast<double>(i));
      log_[i].sent = log_[i].intended + 1;
    }
  }

  // A worker with the clients [first, first + count), all of whom have the events before `up_to`.
  struct Worker {
    Worker(Staleness& of, std::uint64_t first, std::uint64_t count, std::uint32_t up_to)
        : check{of.subscriptions_, of.arrivals_, of.audience_, first, count},
          recorder{of.log_, check, false} {
      recorder.set_measured(at(10), at(20));
      for (std::uint32_t event = 0; event < up_to; ++event) {
        for (auto client = first; client < first + count; ++client) {
          recorder.delivered(client, event, of.log_[event].intended);
        }
      }
    }
    double stale_s() const { return recorder.stale_ns() / 1e9; }

    DeliveryCheck check;
    Recorder recorder;
  };

  static LoadPlan plan_of(unsigned names) {
    LoadPlan plan;
    plan.clients = 4;
    plan.names = plan.subscriptions = names;
    return plan;
  }

  LoadPlan plan_;
  ArrivalPlan arrivals_ = compile_arrivals(plan_);
  Subscriptions subscriptions_;
  Audience audience_{plan_, arrivals_, subscriptions_};
  EventLog log_{30};
};

TEST_F(Staleness, is_nothing_when_every_event_is_there_at_once) {
  Worker worker(*this, 0, 1, 30);
  EXPECT_EQ(worker.stale_s(), 0);
}

TEST_F(Staleness, sums_the_times_from_intended_to_received) {
  Worker worker(*this, 0, 2, 12);
  worker.recorder.delivered(0, 12, at(12.25));
  worker.recorder.delivered(0, 13, at(13.5));
  worker.recorder.delivered(1, 12, at(12.125));
  worker.recorder.delivered(1, 13, at(13));
  for (std::uint32_t event = 14; event < 30; ++event) {
    for (std::uint64_t client = 0; client < 2; ++client) {
      worker.recorder.delivered(client, event, at(event));
    }
  }
  EXPECT_DOUBLE_EQ(worker.stale_s(), 0.25 + 0.5 + 0.125);
}

TEST_F(Staleness, counts_time_once_that_two_events_share) {
  Worker worker(*this, 0, 1, 12);
  worker.recorder.delivered(0, 12, at(14.5));  // 12 to 14.5
  worker.recorder.delivered(0, 13, at(14.5));  // within
  worker.recorder.delivered(0, 14, at(15.5));  // one second more
  for (std::uint32_t event = 15; event < 30; ++event) {
    worker.recorder.delivered(0, event, std::max(at(event), at(15.5)));
  }
  EXPECT_DOUBLE_EQ(worker.stale_s(), 3.5);
}

TEST_F(Staleness, ends_with_the_oldest_missing_event_when_newer_ones_came_before_it) {
  Worker worker(*this, 0, 1, 12);
  worker.recorder.delivered(0, 13, at(13.5));
  worker.recorder.delivered(0, 15, at(15.5));
  worker.recorder.delivered(0, 12, at(16));  // 12 to 16; 14 is still missing
  worker.recorder.delivered(0, 16, at(16.5));
  worker.recorder.delivered(0, 14, at(17.25));  // to 17.25, with 17 now missing
  worker.recorder.delivered(0, 17, at(17.75));  // to 17.75
  for (std::uint32_t event = 18; event < 30; ++event) {
    worker.recorder.delivered(0, event, at(event));
  }
  EXPECT_DOUBLE_EQ(worker.stale_s(), 5.75);
}

TEST_F(Staleness, counts_a_lost_event_to_the_end_of_the_phase) {
  Worker worker(*this, 0, 2, 13);
  worker.recorder.delivered(0, 13, at(13.5));
  for (std::uint32_t event = 15; event < 30; ++event) {
    worker.recorder.delivered(0, event, at(event));
  }
  EXPECT_DOUBLE_EQ(worker.stale_s(), 0.5 + 6 + 7);  // client 1 got nothing from 13 on
}

TEST_F(Staleness, is_cut_at_both_edges_of_the_phase) {
  Worker worker(*this, 0, 1, 8);
  worker.recorder.delivered(0, 8, at(9.5));
  worker.recorder.delivered(0, 9, at(10.25));  // of the warm-up: 10 to 10.25
  for (std::uint32_t event = 10; event < 19; ++event) {
    worker.recorder.delivered(0, event, std::max(at(event), at(10.25)));
  }
  worker.recorder.delivered(0, 19, at(25));  // 19 to 20
  EXPECT_DOUBLE_EQ(worker.stale_s(), 1.25);
}

TEST_F(Staleness, ends_where_an_interrupted_phase_ended) {
  Worker worker(*this, 0, 1, 12);
  worker.recorder.end_measured(at(15));
  worker.recorder.delivered(0, 12, at(13));
  EXPECT_DOUBLE_EQ(worker.stale_s(), 3);
}

TEST_F(Staleness, is_not_moved_by_duplicates) {
  Worker worker(*this, 0, 1, 19);
  worker.recorder.delivered(0, 19, at(19.25));
  worker.recorder.delivered(0, 19, at(19.75));
  EXPECT_DOUBLE_EQ(worker.stale_s(), 0.25);
}

TEST_F(Staleness, adds_up_over_workers) {
  double sum = 0;
  for (std::uint64_t worker_number = 0; worker_number < 2; ++worker_number) {
    Worker worker(*this, worker_number * 2, 2, 18);
    worker.recorder.delivered(worker_number * 2, 18, at(19.5));  // 18 to 20 with 19 missing
    sum += worker.stale_s();
  }
  Worker one(*this, 0, 4, 18);
  one.recorder.delivered(0, 18, at(19.5));
  one.recorder.delivered(2, 18, at(19.5));
  EXPECT_DOUBLE_EQ(sum, 8);
  EXPECT_DOUBLE_EQ(one.stale_s(), 8);
}

class StalenessByName : public Staleness {
 protected:
  StalenessByName() : Staleness(2) {}
};

TEST_F(StalenessByName, is_counted_for_each_name_of_a_client) {
  Worker worker(*this, 0, 1, 18);
  worker.recorder.delivered(0, 19, at(19.25));  // its name: 0.25; the other lacks 18: 2
  EXPECT_DOUBLE_EQ(worker.stale_s(), 2.25);
}

}  // namespace
}  // namespace pushlab::loadgen
