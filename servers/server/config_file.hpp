#pragma once
#include <string>
#include <vector>

#include "servers/server/option_list.hpp"

namespace pushlab::server {

// Reads the file of --config: the single options, and cors_origins, [auth], [allow]. Throws
// UsageError, a sentence that begins with file and line.
void read_config_file(std::string const& path, std::vector<Option> const& singles,
                      ServerOptions& options);

// With authentication the changes of other people's accounts are nobody's business: without a rule
// of its own, nobody may subscribe to the account event's name. Call it when all is read.
void finish_rules(ServerOptions& options);

}  // namespace pushlab::server
