#include "driver/http_stream.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>

namespace pushlab::driver {
namespace {

std::string trimmed(std::string_view text) {
  auto const begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1));
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace

struct HttpStream::Transfer {
  HttpStream& stream;
  Answer& answer;
  Take const& take;
};

HttpStream::HttpStream()
    : easy_(curl_easy_init(), &curl_easy_cleanup), multi_(curl_multi_init(), &curl_multi_cleanup) {}

std::string HttpStream::Answer::header(std::string const& name) const {
  auto const found = headers.find(name);
  return found == headers.end() ? std::string{} : found->second;
}

std::size_t HttpStream::on_header(char* line, std::size_t size, std::size_t count, void* transfer) {
  auto& answer = static_cast<Transfer*>(transfer)->answer;
  std::string_view const text(line, size * count);
  if (text.starts_with("HTTP/")) answer.headers.clear();  // a redirect's answer is not the last one
  if (auto const colon = text.find(':'); colon != std::string_view::npos)
    answer.headers[lower(trimmed(text.substr(0, colon)))] = trimmed(text.substr(colon + 1));
  return text.size();
}

std::size_t HttpStream::on_body(char* bytes, std::size_t size, std::size_t count, void* transfer) {
  auto& [stream, answer, take] = *static_cast<Transfer*>(transfer);
  curl_easy_getinfo(stream.easy_.get(), CURLINFO_RESPONSE_CODE, &answer.status);
  if (take(answer, std::string_view(bytes, size * count))) return size * count;
  answer.stopped = true;
  return size * count + 1;  // anything but the size makes libcurl stop
}

CURLcode HttpStream::perform(TailSession const& session, Answer& answer) {
  for (;;) {
    int running = 0;
    curl_multi_perform(multi_.get(), &running);
    int queued = 0;
    if (auto const* message = curl_multi_info_read(multi_.get(), &queued))
      return message->data.result;
    if (session.over()) {
      answer.stopped = true;
      return CURLE_OK;
    }
    curl_multi_poll(multi_.get(), nullptr, 0,
                    static_cast<int>(std::min<std::int64_t>(session.left().count(), 1000)),
                    nullptr);
  }
}

HttpStream::Answer HttpStream::get(std::string const& url, std::vector<std::string> const& headers,
                                   TailSession const& session, Take const& take) {
  Answer answer;
  Transfer transfer{*this, answer, take};
  std::array<char, CURL_ERROR_SIZE> error{};
  curl_slist* list = nullptr;
  for (auto const& header : headers) list = curl_slist_append(list, header.c_str());
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> const owned(list,
                                                                          &curl_slist_free_all);
  auto* easy = easy_.get();
  curl_easy_reset(easy);
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, 10L);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "pushlab");
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, list);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error.data());
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &HttpStream::on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &HttpStream::on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
  curl_multi_add_handle(multi_.get(), easy);
  auto const code = perform(session, answer);
  curl_multi_remove_handle(multi_.get(), easy);
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &answer.status);
  if (code != CURLE_OK && !answer.stopped)
    answer.error = error[0] != '\0' ? error.data() : curl_easy_strerror(code);
  return answer;
}

std::string with_parameter(std::string const& url, std::string const& name,
                           std::string const& value) {
  auto const fragment = url.substr(0, url.find('#'));
  auto const question = fragment.find('?');
  std::string result = fragment.substr(0, question);
  char separator = '?';
  auto const query = question == std::string::npos ? "" : fragment.substr(question + 1);
  for (std::size_t begin = 0; begin < query.size();) {
    auto const end = std::min(query.find('&', begin), query.size());
    auto const item = query.substr(begin, end - begin);
    if (item.substr(0, item.find('=')) != name) {
      result += separator + item;
      separator = '&';
    }
    begin = end + 1;
  }
  std::unique_ptr<char, decltype(&curl_free)> const escaped(
      curl_easy_escape(nullptr, value.c_str(), static_cast<int>(value.size())), &curl_free);
  return result + separator + name + "=" + escaped.get();
}

}  // namespace pushlab::driver
