#include "program.hpp"

#include <curl/curl.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <fstream>
#include <memory>
#include <sstream>

namespace pushlab::driver {
namespace json = boost::json;
namespace {

SpawnPlan plan_of(std::vector<std::string> arguments, TemporaryFolder const& folder) {
  arguments.insert(arguments.begin(), PUSHLAB_PROGRAM);
  return {std::move(arguments),
          PUSHLAB_SOURCE_FOLDER,
          folder.path() / "out",
          folder.path() / "err",
          {}};
}

Finished finish_of(Process& process, TemporaryFolder const& folder,
                   std::chrono::seconds patience = std::chrono::seconds(60)) {
  auto const status = process.wait(patience);
  if (!status) {
    ADD_FAILURE() << "pushlab did not end; stderr: " << text_of(folder.path() / "err");
    process.stop(std::chrono::seconds(1));
  }
  return {status.value_or(ExitStatus{0, SIGKILL}), text_of(folder.path() / "out"),
          text_of(folder.path() / "err")};
}

bool holds(std::filesystem::path const& file, std::string const& text) {
  for (int tries = 0; tries < 10000; ++tries) {
    if (text_of(file).find(text) != std::string::npos) return true;
    ::poll(nullptr, 0, 1);
  }
  return false;
}

}  // namespace

std::string text_of(std::filesystem::path const& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<json::object> Finished::lines() const {
  std::vector<json::object> objects;
  std::istringstream in(out);
  for (std::string line; std::getline(in, line);) objects.push_back(json::parse(line).as_object());
  return objects;
}

Finished pushlab(std::vector<std::string> arguments) {
  TemporaryFolder const folder;
  Process process(plan_of(std::move(arguments), folder));
  return finish_of(process, folder);
}

Served::Served(std::string const& target) : process_(plan_of({"serve", target}, folder_)) {
  if (!holds(folder_.path() / "out", "\n"))
    throw std::runtime_error("serve " + target + ": " + text_of(folder_.path() / "err"));
  auto const ready = json::parse(text_of(folder_.path() / "out")).as_object();
  client_ = ready.at("client").as_string().c_str();
  ingest_ = ready.at("ingest").as_string().c_str();
}

int Served::publish(std::string const& notification) const {
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> const curl(curl_easy_init(),
                                                                 &curl_easy_cleanup);
  curl_slist* headers = curl_slist_append(nullptr, "Content-Type: application/json");
  auto const url = ingest_ + "/notify";
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, notification.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT, 10L);
  curl_write_callback const discard = [](char*, std::size_t size, std::size_t count, void*) {
    return size * count;
  };
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, discard);
  long status = 0;
  if (curl_easy_perform(curl.get()) == CURLE_OK)
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  curl_slist_free_all(headers);
  return static_cast<int>(status);
}

Background::Background(std::vector<std::string> arguments)
    : process_(plan_of(std::move(arguments), folder_)) {}

bool Background::says(std::string const& text) const {
  return holds(folder_.path() / "out", text);
}

Finished Background::finish(std::chrono::seconds patience) {
  return finish_of(process_, folder_, patience);
}

}  // namespace pushlab::driver
