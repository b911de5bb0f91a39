// UTF-8 decoding as the WHATWG Encoding Standard does it: each ill-formed part becomes one U+FFFD.
#pragma once

#include <string>
#include <string_view>

namespace pushlab::loadgen {

bool is_ascii(std::string_view bytes);
std::string well_formed_utf8(std::string_view bytes);

}  // namespace pushlab::loadgen
