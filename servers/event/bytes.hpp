#pragma once
#include <memory>
#include <string>
#include <string_view>

namespace pushlab::server {

// A view together with whatever keeps it alive: a frame that many outboxes share, or part of one.
struct Bytes {
  std::shared_ptr<void const> owner;
  std::string_view view;
};

inline Bytes owned(std::string text) {
  auto shared = std::make_shared<std::string const>(std::move(text));
  std::string_view const view = *shared;
  return {std::move(shared), view};
}

}  // namespace pushlab::server
