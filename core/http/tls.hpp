#pragma once

#include <filesystem>
#include <string>

#include <boost/asio/ssl/context.hpp>

#include <earshot/core/base/result.hpp>

#include "parser.hpp"
#include "stream.hpp"

namespace earshot::core {

/// The client's side of TLS: 1.2 or newer, the system's authorities and those in `ca_file`
/// trusted. Takes some milliseconds.
[[nodiscard]] Result<boost::asio::ssl::context> make_client_tls(
    const std::filesystem::path& ca_file);

/// What the verification of a server's certificate came to, for messages.
struct CertificateCheck {
  int problem = 0;    ///< Of OpenSSL's X509_V_ERR; 0 for none.
  std::string names;  ///< Whom the server's certificate is for.
  std::string issuer;
  std::string expires;  ///< As OpenSSL prints it.
};

/// Makes the coming handshake demand a valid certificate for `host`, a name or an address, and
/// write what it finds to `check`, which has to outlive the stream.
[[nodiscard]] Result<void> expect_server(Stream::Tls& tls, const std::string& host,
                                         CertificateCheck& check);

/// Why a handshake with `host` failed and what helps.
[[nodiscard]] Error handshake_error(const std::string& host, const ErrorCode& problem,
                                    const CertificateCheck& check);

/// "TLSv1.3, certificate for example.com by Example CA until ...".
[[nodiscard]] std::string describe(Stream::Tls& tls, const CertificateCheck& check);

}  // namespace earshot::core
