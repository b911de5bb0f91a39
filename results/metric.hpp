#pragma once
// Every figure a result can hold, in one table: summary, terminal table and report read it from
// here.

#include <span>
#include <string_view>

namespace pushlab::results {

enum class Better { lower, higher, none };

// How the value is had from the repetitions. `path` and `q` of a Metric mean what is said here.
enum class Source {
  pooled,       // quantile q of all deliveries, merged histogram `path`, ns -> ms
  pooled_mean,  // their mean; infinite when one is undelivered
  events,  // median over events of column `path` (or of what is made of columns, see add_event)
  connections,  // quantile q of the merged histogram `path`, ns -> ms
  mean,         // mean over repetitions of the number at `path`; of a recovery infinite when one
                // repetition did not reach it
  ratio,        // "a+2*b/c*d": sums over repetitions, then divided
  sum,          // sum over repetitions of the number at `path`
};

struct Metric {
  std::string_view id;
  std::string_view title;
  std::string_view unit;  // "" for a count, "share" for 0..1
  Better better;
  Source source;
  std::string_view path;
  double q;
  std::string_view explanation;  // one sentence for a reader who has never seen the project
};

std::span<Metric const> metrics();
Metric const& metric(std::string_view id);  // throws std::out_of_range for an unknown id

// What an infinite value means: "undelivered", or "not reached" of a recovery.
std::string_view infinite_text(Metric const& metric);

// How many events a pooled quantile needs: ten beyond it (p99: 1000), or one neighbour's hiccup is
// the figure.
double events_wanted(double q);

}  // namespace pushlab::results
