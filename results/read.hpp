#pragma once
// Reading a result: dotted paths, because every figure lives at one; and the one error type.

#include <boost/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace pushlab::results {

// A result that cannot be read. what() is one sentence that says what is wrong where.
struct ResultError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// "server.cpu_share" in nested objects; nullptr when a step is missing.
boost::json::value const* find(boost::json::object const& object, std::string_view path);

// Absent, null or of another type: no value.
std::optional<double> number_at(boost::json::object const& object, std::string_view path);
std::string text_at(boost::json::object const& object, std::string_view path,
                    std::string_view otherwise = "");
bool truth_at(boost::json::object const& object, std::string_view path, bool otherwise);
// Absent or of another type: an empty one with static lifetime.
boost::json::array const& array_at(boost::json::object const& object, std::string_view path);
boost::json::object const& object_at(boost::json::object const& object, std::string_view path);

// The repetitions of a target that ran to their end.
std::vector<boost::json::object const*> measured(boost::json::object const& target);

}  // namespace pushlab::results
