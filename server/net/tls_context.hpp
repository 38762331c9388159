#pragma once

#include "domain/base/result.hpp"

#include <boost/asio/ssl/context.hpp>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

namespace mosty::net {

// What connections over TLS are made from. Immutable once made; a connection keeps the one it began with.
using TlsContext = std::shared_ptr<boost::asio::ssl::context>;

// A server's certificate, ready to be used.
struct ServerTls {
    TlsContext context;
    std::chrono::sys_seconds valid_until;
};

// Reads a certificate with its chain and its key, both PEM, for TLS 1.2 and 1.3 with the ciphers of Mozilla's
// intermediate configuration that agree on a key by elliptic curves. Speaks http/1.1 by ALPN, never
// renegotiates and issues no tickets: with an elliptic-curve certificate resuming would save next to nothing,
// and no key then outlives its connection. Refused, in a sentence: a key that others may read, that has a
// passphrase or is not the certificate's, and whatever OpenSSL holds for too weak or cannot read.
Result<ServerTls, std::string> load_server_tls(const std::filesystem::path& certificate,
                                               const std::filesystem::path& key);

// For asking others: only servers whose certificate is issued by one of those in `authorities`, PEM, or, when
// that is empty, by somebody whom this machine trusts (SSL_CERT_FILE counts).
Result<TlsContext, std::string> load_client_tls(const std::filesystem::path& authorities);

} // namespace mosty::net
