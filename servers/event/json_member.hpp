#pragma once
#include <string>
#include <string_view>

namespace pushlab::server {

// The object without its members of that name, however they are spelled ("d\u0061ta" is "data");
// what stays, stays byte by byte. Members of nested objects are not looked at. REQUIRES: the text
// is a valid JSON object.
std::string without_member(std::string_view json_object, std::string_view member);

}  // namespace pushlab::server
