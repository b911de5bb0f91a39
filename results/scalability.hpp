#pragma once
// How a capacity grows with the threads that serve it: the universal scalability law,
// X(n) = gamma n / (1 + alpha (n - 1) + beta n (n - 1)). alpha: what is done one after another,
// beta: what the threads have to agree on, which makes more of them worse. Without beta it is
// Amdahl's law.

#include <boost/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace pushlab::results {

struct CapacityPoint {
  double n;   // threads
  double x;   // capacity
  double sd;  // how uncertain x is; above 0
};

struct Parameter {
  double value, lo, hi;  // 95 % interval
};

// Without `value` the answer is refused; `sentence` then says why.
struct Prediction {
  std::optional<Parameter> capacity;
  bool uncertain = false;  // beyond twice of what was measured
  std::string sentence;
};

// Weighted non-negative least squares of n / X(n), which is linear in 1/gamma, alpha/gamma and
// beta/gamma; intervals from a bootstrap that draws every point again from its own uncertainty, or
// from the scatter about the curve where that is larger. The same points give the same result.
class Scalability {
 public:
  explicit Scalability(std::vector<CapacityPoint> points);

  enum class Model { none, amdahl, universal };
  Model model() const { return model_; }
  // Only with a model; beta is 0 in Amdahl's.
  Parameter gamma() const { return parameter(0); }
  Parameter alpha() const { return parameter(1); }
  Parameter beta() const { return parameter(2); }
  // What the data do not say; empty when nothing is to be said.
  std::string const& sentence() const { return sentence_; }

  Prediction at(double n) const;

 private:
  struct Curve {
    double gamma, alpha, beta;
    double at(double n) const;
  };
  static Curve fitted(std::span<CapacityPoint const> points, bool with_beta);
  double stretch(bool with_beta) const;
  void fit(bool with_beta);
  Parameter parameter(int which) const;

  std::vector<CapacityPoint> points_;
  double largest_ = 0;
  Model model_ = Model::none;
  Curve curve_{};
  std::vector<Curve> replicates_;
  std::string sentence_;
};

// {"model", "gamma", "alpha", "beta", "sentence", "predictions"}
boost::json::object to_json(Scalability const& scalability, std::span<double const> asked);

}  // namespace pushlab::results
