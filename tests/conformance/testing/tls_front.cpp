#include "tests/conformance/testing/tls_front.hpp"

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <poll.h>

#include <array>

#include "tests/conformance/wire/connection.hpp"

namespace pushlab::conformance::testing {
namespace {

using SslPointer = std::unique_ptr<SSL, decltype(&::SSL_free)>;

void use_fresh_certificate(SSL_CTX* context) {
  std::unique_ptr<EVP_PKEY, decltype(&::EVP_PKEY_free)> const key(EVP_EC_gen("P-256"),
                                                                  &::EVP_PKEY_free);
  std::unique_ptr<X509, decltype(&::X509_free)> const certificate(::X509_new(), &::X509_free);
  ::X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  ::X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  ::X509_set_pubkey(certificate.get(), key.get());
  ::X509_sign(certificate.get(), key.get(), ::EVP_sha256());
  ::SSL_CTX_use_certificate(context, certificate.get());
  ::SSL_CTX_use_PrivateKey(context, key.get());
}

// What came from one side goes to the other until one of them ends.
void relay(SSL* front, int front_descriptor, Connection& back) {
  std::array<char, 16 * 1024> bytes{};
  auto const deadline = Deadline::in(20);
  while (!deadline.over()) {
    std::array<pollfd, 2> waits{{{front_descriptor, POLLIN, 0}, {back.descriptor(), POLLIN, 0}}};
    if (::SSL_pending(front) == 0) ::poll(waits.data(), waits.size(), deadline.left_ms());
    if (::SSL_pending(front) > 0 || waits[0].revents != 0) {
      int const size = ::SSL_read(front, bytes.data(), static_cast<int>(bytes.size()));
      if (size <= 0) return;
      back.send({bytes.data(), static_cast<std::size_t>(size)}, deadline);
    }
    if (waits[1].revents == 0) continue;
    auto const arrival = back.receive(deadline);
    if (arrival.kind == Arrival::Kind::end) ::SSL_shutdown(front);
    if (arrival.kind != Arrival::Kind::bytes) return;
    ::SSL_write(front, arrival.bytes.data(), static_cast<int>(arrival.bytes.size()));
  }
}

}  // namespace

struct TlsFront::Context {
  explicit Context(std::string protocol) : alpn(std::move(protocol)) {
    use_fresh_certificate(handle.get());
    ::SSL_CTX_set_alpn_select_cb(handle.get(), choose, this);
  }

  static int choose(SSL*, unsigned char const** chosen, unsigned char* size,
                    unsigned char const* offered, unsigned offered_size, void* self) {
    auto const& alpn = static_cast<Context*>(self)->alpn;
    std::string_view const all(reinterpret_cast<char const*>(offered), offered_size);
    auto const at = all.find(static_cast<char>(alpn.size()) + alpn);
    if (alpn.empty() || at == std::string_view::npos) return SSL_TLSEXT_ERR_NOACK;
    *chosen = offered + at + 1;
    *size = static_cast<unsigned char>(alpn.size());
    return SSL_TLSEXT_ERR_OK;
  }

  std::string alpn;
  std::unique_ptr<SSL_CTX, decltype(&::SSL_CTX_free)> handle{::SSL_CTX_new(::TLS_server_method()),
                                                             &::SSL_CTX_free};
};

TlsFront::TlsFront(ScriptedServer const& behind, std::string alpn)
    : context_(std::make_unique<Context>(std::move(alpn))) {
  server_ = std::make_unique<ScriptedServer>(
      [context = context_.get(), url = Url::parse(behind.url())](Peer& peer) {
        SslPointer const session(::SSL_new(context->handle.get()), &::SSL_free);
        ::SSL_set_fd(session.get(), peer.descriptor());
        if (::SSL_accept(session.get()) != 1) return;
        try {
          Connection back(url, Deadline::in(5));
          relay(session.get(), peer.descriptor(), back);
        } catch (WireError const&) {  // the server behind has ended
        }
      });
}

TlsFront::~TlsFront() = default;

std::string TlsFront::url(std::string_view target) const {
  return "https" + server_->url(target).substr(std::string_view("http").size());
}

}  // namespace pushlab::conformance::testing
