#include "tests/conformance/sse_response/curl_opinion.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <memory>

#include "tests/conformance/sse_response/probe.hpp"

namespace pushlab::conformance {
namespace {

// What libcurl read from the socket, and what it made of it.
struct CurlView {
  std::string raw_head;
  std::string raw_body;
  long status = 0;
  std::string content;
  std::string type;
  Instant end;
  CURLcode result = CURLE_OK;
};

// Heads come line by line; a status line begins the one that counts.
int on_debug(CURL*, curl_infotype kind, char* data, std::size_t size, void* to) {
  auto* view = static_cast<CurlView*>(to);
  std::string_view const bytes(data, size);
  if (kind == CURLINFO_HEADER_IN && bytes.starts_with("HTTP/")) view->raw_head.clear();
  if (kind == CURLINFO_HEADER_IN) view->raw_head += bytes;
  if (kind == CURLINFO_DATA_IN) view->raw_body += bytes;
  return 0;
}

std::size_t on_content(char* data, std::size_t, std::size_t size, void* view) {
  static_cast<CurlView*>(view)->content.append(data, size);
  return size;
}

int on_progress(void* view, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return Clock::now() > static_cast<CurlView*>(view)->end ? 1 : 0;
}

CurlView ask_by_curl(Url const& url, Request const& request, double seconds) {
  CurlView view;
  view.end = Deadline::in(seconds).when();
  std::unique_ptr<CURL, decltype(&::curl_easy_cleanup)> const easy(::curl_easy_init(),
                                                                   &::curl_easy_cleanup);
  curl_slist* lines = nullptr;
  for (auto const& field : request.fields)
    lines = ::curl_slist_append(lines, (field.name + ": " + field.value).c_str());
  std::unique_ptr<curl_slist, decltype(&::curl_slist_free_all)> const list(lines,
                                                                           &::curl_slist_free_all);
  auto const text = url.text();
  ::curl_easy_setopt(easy.get(), CURLOPT_URL, text.c_str());
  ::curl_easy_setopt(easy.get(), CURLOPT_HTTPHEADER, lines);
  ::curl_easy_setopt(easy.get(), CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  ::curl_easy_setopt(easy.get(), CURLOPT_PROXY, "");
  ::curl_easy_setopt(easy.get(), CURLOPT_SSL_VERIFYPEER, 0L);
  ::curl_easy_setopt(easy.get(), CURLOPT_SSL_VERIFYHOST, 0L);
  ::curl_easy_setopt(easy.get(), CURLOPT_NOSIGNAL, 1L);
  ::curl_easy_setopt(easy.get(), CURLOPT_VERBOSE, 1L);
  ::curl_easy_setopt(easy.get(), CURLOPT_DEBUGFUNCTION, &on_debug);
  ::curl_easy_setopt(easy.get(), CURLOPT_DEBUGDATA, &view);
  ::curl_easy_setopt(easy.get(), CURLOPT_WRITEFUNCTION, &on_content);
  ::curl_easy_setopt(easy.get(), CURLOPT_WRITEDATA, &view);
  ::curl_easy_setopt(easy.get(), CURLOPT_NOPROGRESS, 0L);
  ::curl_easy_setopt(easy.get(), CURLOPT_XFERINFOFUNCTION, &on_progress);
  ::curl_easy_setopt(easy.get(), CURLOPT_XFERINFODATA, &view);
  ::curl_easy_setopt(easy.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(seconds * 1000));
  view.result = ::curl_easy_perform(easy.get());
  ::curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &view.status);
  char const* type = nullptr;
  ::curl_easy_getinfo(easy.get(), CURLINFO_CONTENT_TYPE, &type);
  view.type = type ? type : "";
  return view;
}

// The content that our readers see in the bytes that libcurl got.
std::string our_content(Head const& head, std::string const& raw_body) {
  if (framing_of(head, "GET") != Body::Framing::chunked) return raw_body;
  Body body;
  ChunkedReader().feed(raw_body, Instant(), body);
  return body.content;
}

}  // namespace

Finding curl_agrees(Endpoint& endpoint) {
  auto const capture = stream_capture(endpoint);
  auto const view = ask_by_curl(capture->url, endpoint.request(), endpoint.settings().capture_s);
  bool const in_order = view.result == CURLE_OK || view.result == CURLE_OPERATION_TIMEDOUT ||
                        view.result == CURLE_ABORTED_BY_CALLBACK;
  if (!in_order) return fail("an answer that libcurl accepts", ::curl_easy_strerror(view.result));
  auto const head = parse_head(view.raw_head);
  if (head.status != view.status)
    return fail(fmt::format("status {} as libcurl reads it", view.status), head.status_line());
  if (head.value("Content-Type") != view.type)
    return fail("Content-Type " + quoted(view.type) + " as libcurl reads it",
                quoted(head.value("Content-Type")));
  auto const ours = our_content(head, view.raw_body);
  if (ours != view.content)
    return fail("the body as libcurl reads it, " + quoted(view.content, 60), quoted(ours, 60));
  return pass(fmt::format("{} bytes of body, read alike", ours.size()));
}

}  // namespace pushlab::conformance
