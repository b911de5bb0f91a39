#pragma once
// The chapters of a decision record.

#include <string>

#include "report/decision_record.hpp"

namespace pushlab::report {

// "5.20 ms (4.90 to 5.60)" of an element of decision.options[].measures.
std::string measured_text(boost::json::object const& measure, std::string_view unit);
// The score of an option or a target; "–" where nothing was measured that counts.
std::string score_text(boost::json::object const& scored);
// The option with that id in decision.options.
boost::json::object const& option_in(boost::json::object const& decision, std::string_view id);
std::string item(std::string const& text);  // of a list, wrapped

// A criterion's "because ..." with the figure in its place.
std::string phrase(boost::json::object const& criterion, std::string const& figure);
// "* Good, because ..." for each criterion of an option.
std::string because(Record const& record, boost::json::object const& option);
std::string options_chapter(Record const& record);

std::string measured_chapter(Record const& record);
std::string weights_chapter(Record const& record);
std::string claims_chapter(Record const& record);
std::string crossovers_chapter(Record const& record);
std::string origin_chapter(Record const& record);  // experiments, machine, command

}  // namespace pushlab::report
