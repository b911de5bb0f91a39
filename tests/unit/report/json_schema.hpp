#pragma once
// As much of JSON Schema 2020-12 as our schemas use.

#include <boost/json.hpp>
#include <string>
#include <vector>

namespace pushlab::report {

// Where `value` breaks the schema, one entry a breach: "/targets/0/id: is no string". Throws
// std::invalid_argument at a keyword that this does not know, so that none is passed over.
std::vector<std::string> breaches(boost::json::object const& schema,
                                  boost::json::value const& value);

}  // namespace pushlab::report
