#include "report/target_pages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "report/content.hpp"
#include "report/markup.hpp"
#include "report/target_look.hpp"
#include "report/target_story.hpp"
#include "results/read.hpp"

namespace pushlab::report {

namespace json = boost::json;
using results::array_at;
using results::text_at;

namespace {

struct Subject {
  std::string base;
  std::vector<Appearance> appearances;
};

std::vector<Subject> subjects(std::vector<Source> const& all) {
  std::vector<Subject> found;
  for (Source const& source : all) {
    auto const& targets = array_at(source.result, "targets");
    for (std::size_t i = 0; i < targets.size(); ++i) {
      json::object const& target = targets[i].as_object();
      auto const base = text_at(target, "base", text_at(target, "id"));
      auto subject = std::ranges::find(found, base, &Subject::base);
      if (subject == found.end()) subject = found.insert(found.end(), {base, {}});
      subject->appearances.push_back({&source, &target, i});
    }
  }
  return found;
}

std::string file_name(std::string const& base) {
  std::string name;
  for (char c : base) name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '-';
  return name + ".html";
}

// A variant is called by its parameters, so the target itself is preferred.
std::string title_of_subject(Subject const& subject) {
  for (Appearance const& one : subject.appearances) {
    if (text_at(*one.target, "id") == subject.base) return title_of(*one.target);
  }
  return subject.base;
}

std::string experiments_of(Subject const& subject) {
  std::string text;
  std::string last;
  for (Appearance const& one : subject.appearances) {
    if (one.source->name == last) continue;
    last = one.source->name;
    text += (text.empty() ? "" : ", ") + escape(last);
  }
  return text;
}

File index(std::vector<Subject> const& all) {
  Table table{
      "The targets of these runs", {"Target", "Strategy", "Version", "Measured in"}, {}, {1, 2, 3}};
  for (Subject const& subject : all) {
    json::object const& target = *subject.appearances.front().target;
    table.rows.push_back({fmt::format("<a href=\"{}\">{}</a>", file_name(subject.base),
                                      escape(title_of_subject(subject))),
                          escape(text_at(target, "strategy", "–")),
                          escape(text_at(target, "version", "–")), experiments_of(subject)});
  }
  return {"index.html",
          page("Targets", "<header><h1>The targets, one by one</h1></header>\n" + markup(table),
               footer())};
}

}  // namespace

std::vector<File> target_pages(std::vector<json::object> const& results) {
  auto const all = sources(results);
  auto const found = subjects(all);
  std::vector<File> files{index(found)};
  for (Subject const& subject : found) {
    std::vector<Chart> charts;
    auto const title = title_of_subject(subject);
    std::string const body = target_story(title, subject.appearances, charts);
    files.push_back({file_name(subject.base), page(title, body, footer() + scripts(charts))});
  }
  return files;
}

}  // namespace pushlab::report
