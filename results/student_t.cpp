#include "results/student_t.hpp"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>

namespace pushlab::results {

namespace math = boost::math;

double student_t(double level, double degrees) {
  return math::quantile(math::students_t(degrees), (1 + level) / 2);
}

double beyond_t(double value, double degrees) {
  return 2 * math::cdf(math::complement(math::students_t(degrees), std::abs(value)));
}

}  // namespace pushlab::results
