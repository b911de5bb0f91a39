#pragma once

#include <string>
#include <string_view>

namespace pushlab::report {

// Any bytes as text for XML 1.0: element content or a quoted attribute. Markup is escaped, line
// ends and tabs keep their place in attributes, and what is no character there becomes U+FFFD.
std::string xml_text(std::string_view bytes);

}  // namespace pushlab::report
