#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/conformance/engine/endpoint.hpp"
#include "tests/conformance/wire/content_decoder.hpp"

namespace pushlab::conformance {

// What the endpoint answered to this Accept-Encoding: the head and, of a stream, its beginning.
// Enough was published for a coder to think it worth its while, if there is a publisher.
struct CodedAnswer {
  Head head;
  std::string coding;  // "" for identity
  std::string wire;    // the content as it came
  std::string text;
  bool silent = false;    // no head came in time, though one does without a coding
  bool complete = false;  // the body ended as it should
  ContentDecoder::State state = ContentDecoder::State::open;
  std::string error;
  std::size_t surplus = 0;
  bool raw_deflate = false;
};

// Without a value the field is not sent.
CodedAnswer answer_for(Endpoint& endpoint, std::optional<std::string> const& accept_encoding);

// The answer for this one coding, asked for once a run; throws Skip when it is not coded so or does
// not come.
std::shared_ptr<CodedAnswer const> answer_in(Endpoint& endpoint, std::string const& coding);
// Those of gzip, deflate, br and zstd that the endpoint uses, silent ones included; throws Skip
// when it uses none.
std::vector<std::string> used_codings(Endpoint& endpoint);

Request request_for(Endpoint const& endpoint, std::optional<std::string> const& accept_encoding);
// Letters and digits that do not compress much.
std::string noise(std::size_t size);

}  // namespace pushlab::conformance
