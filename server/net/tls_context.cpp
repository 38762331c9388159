#include "server/net/tls_context.hpp"

#include "server/access/guarded_file.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/context.hpp>
#include <fmt/format.h>
#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <ctime>
#include <optional>
#include <string_view>

namespace mosty::net {
namespace asio = boost::asio;
namespace {

constexpr const char* ciphers_1_2 =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr const char* groups = "X25519:prime256v1:secp384r1";

// Why OpenSSL refused, and nothing left of it for the next who asks.
std::string last_reason() {
    const auto code = ::ERR_peek_last_error();
    ::ERR_clear_error();
    const char* reason = code == 0 ? nullptr : ::ERR_reason_error_string(code);
    return reason ? reason : "no reason given";
}

// Agrees to http/1.1. Who names protocols, but not this one, means another server than us.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* length, const unsigned char* offered,
                    unsigned offered_length, void*) {
    static constexpr unsigned char ours[] = "\x08http/1.1";
    unsigned char* found = nullptr;
    if (::SSL_select_next_proto(&found, length, ours, sizeof(ours) - 1, offered, offered_length) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *chosen = found;
    return SSL_TLSEXT_ERR_OK;
}

bool set_policy(SSL_CTX* context) {
    ::SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET);
    ::SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    ::SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
    return ::SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
           ::SSL_CTX_set_cipher_list(context, ciphers_1_2) == 1 &&
           ::SSL_CTX_set1_groups_list(context, groups) == 1 && ::SSL_CTX_set_num_tickets(context, 0) == 1;
}

std::optional<std::chrono::sys_seconds> end_of(const X509* certificate) {
    std::tm broken_down{};
    if (!certificate || ::ASN1_TIME_to_tm(::X509_get0_notAfter(certificate), &broken_down) != 1)
        return std::nullopt;
    return std::chrono::sys_seconds{std::chrono::seconds{::timegm(&broken_down)}};
}

} // namespace

Result<ServerTls, std::string> load_server_tls(const std::filesystem::path& certificate,
                                               const std::filesystem::path& key) {
    const auto chain = access::read_file(certificate);
    if (!chain)
        return std::unexpected(chain.error());
    const auto secret = access::read_secret_file(key);
    if (!secret)
        return std::unexpected(secret.error());

    auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
    if (!set_policy(context->native_handle()))
        return std::unexpected("OpenSSL cannot do what TLS needs: " + last_reason());
    boost::system::error_code error;
    context->use_certificate_chain(asio::buffer(*chain), error);
    if (error)
        return std::unexpected(fmt::format("{} holds no certificate that can be used: {}",
                                           certificate.string(), error.message()));
    // OpenSSL would ask at the terminal for a passphrase, and wait.
    context->set_password_callback(
        [](std::size_t, asio::ssl::context::password_purpose) { return std::string{}; }, error);
    context->use_private_key(asio::buffer(*secret), asio::ssl::context::pem, error);
    if (error)
        return std::unexpected(fmt::format("{} holds no key that can be used with {}: {}", key.string(),
                                           certificate.string(), error.message()));
    if (::SSL_CTX_check_private_key(context->native_handle()) != 1)
        return std::unexpected(
            fmt::format("{} is not the key of {}: {}", key.string(), certificate.string(), last_reason()));
    const auto valid_until = end_of(::SSL_CTX_get0_certificate(context->native_handle()));
    if (!valid_until)
        return std::unexpected(fmt::format("{} does not say until when it is valid", certificate.string()));
    return ServerTls{std::move(context), *valid_until};
}

Result<TlsContext, std::string> load_client_tls(const std::filesystem::path& authorities) {
    auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
    boost::system::error_code error;
    if (authorities.empty())
        context->set_default_verify_paths(error);
    else
        context->load_verify_file(authorities.string(), error);
    if (error)
        return std::unexpected(fmt::format("no certificates of authorities in {}: {}",
                                           authorities.empty() ? "the system's folder" : authorities.string(),
                                           error.message()));
    context->set_verify_mode(asio::ssl::verify_peer, error);
    if (error || ::SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION) != 1)
        return std::unexpected("OpenSSL cannot do what TLS needs: " + last_reason());
    return context;
}

} // namespace mosty::net
