#include "loadgen/client/websocket_handshake.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstring>

namespace pushlab::loadgen {

namespace {

std::string base64(unsigned char const* bytes, int size) {
  std::array<unsigned char, 64> text{};
  auto const length = EVP_EncodeBlock(text.data(), bytes, size);
  return {text.begin(), text.begin() + length};
}

}  // namespace

std::string websocket_key(std::uint64_t random_a, std::uint64_t random_b) {
  std::array<unsigned char, 16> bytes{};
  std::memcpy(bytes.data(), &random_a, 8);
  std::memcpy(bytes.data() + 8, &random_b, 8);
  return base64(bytes.data(), 16);
}

std::string websocket_accept(std::string_view key) {
  auto const text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr);
  return base64(digest.data(), static_cast<int>(size));
}

std::string client_frame(WebSocketMessage::Kind kind, std::string_view payload,
                         std::uint32_t mask) {
  std::array<char, 4> key{};
  std::memcpy(key.data(), &mask, 4);
  std::string frame;
  frame += static_cast<char>(0x80 | static_cast<int>(kind));
  if (payload.size() < 126) {
    frame += static_cast<char>(0x80 | payload.size());
  } else {
    frame += static_cast<char>(0x80 | 126);
    frame += static_cast<char>(payload.size() >> 8);
    frame += static_cast<char>(payload.size());
  }
  frame.append(key.data(), key.size());
  for (std::size_t i = 0; i < payload.size(); ++i) {
    frame += static_cast<char>(payload[i] ^ key[i % 4]);
  }
  return frame;
}

}  // namespace pushlab::loadgen
