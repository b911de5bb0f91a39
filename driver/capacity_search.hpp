#pragma once

#include <optional>

namespace pushlab::driver {

// Finds the highest load that holds, from verdicts that may be wrong now and then.
//
// Doubles from a safe start until a load fails, then bisects on a log scale until the bracket is
// narrow. The load that failed must fail twice, or the search goes on above it; the load that held
// must hold three times more, and is lowered by a step when it fails twice before.
class CapacitySearch {
 public:
  struct Bounds {
    double start = 1;       // a load that is expected to hold
    double most = 1e6;      // the search ends here
    double bracket = 1.05;  // how narrow; also the step down
    bool whole = false;     // loads are whole numbers: clients
    int confirmations = 3;
    int most_probes = 60;
  };
  struct Probe {
    double load;
    bool confirms;  // a longer one
  };

  explicit CapacitySearch(Bounds bounds);

  // Nothing when the search is over.
  std::optional<Probe> next() const;
  // The verdict on what next() gave.
  void tell(bool holds);

  // The highest load that held once, and the one that was confirmed; 0: none did.
  double highest() const { return highest_; }
  double confirmed() const { return confirmed_; }
  // The bound of the search was reached, and held: the capacity is not below it.
  bool reached_the_most() const { return confirmed_ > 0 && confirmed_ >= bounds_.most; }
  int probes() const { return probes_; }

 private:
  enum class Stage { searching, checking_the_failed, confirming, over };
  double rounded(double load) const;
  void choose();
  void tell_confirmation(bool holds);

  Bounds bounds_;
  Stage stage_ = Stage::searching;
  double load_;           // of the next probe
  double holds_ = 0;      // the highest that holds, as far as is known
  double fails_ = 0;      // the lowest that does not; 0: none yet
  int times_failed_ = 0;  // at fails_
  int held_ = 0;          // confirmations in a row
  double highest_ = 0;
  double confirmed_ = 0;
  int probes_ = 0;
};

}  // namespace pushlab::driver
