#pragma once
// What a target is called and how it is drawn: the same in every chart and table of a page.

#include <boost/json.hpp>
#include <string>
#include <vector>

namespace pushlab::report {

constexpr std::size_t colours = 16;  // eight, and the same eight with other dashes
constexpr std::size_t floor_colour = colours;

std::string title_of(boost::json::object const& target);

// The null server: what the machine and the load generator cost by themselves.
bool is_floor(boost::json::object const& target);

// Writes each target's colour into it. One id has one colour in all results, unless two targets of
// one result would then look alike.
void assign_colours(std::vector<boost::json::object*> const& results);
std::size_t colour_of(boost::json::object const& target);

}  // namespace pushlab::report
