#include "tls.hpp"

#include <array>
#include <memory>
#include <string_view>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/verify_context.hpp>
#include <boost/asio/ssl/verify_mode.hpp>
#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <earshot/core/base/text.hpp>

namespace earshot::core {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kLongestNames = 200;

std::string text_of(const ASN1_STRING* value) {
  if (value == nullptr) return {};
  const auto* data = reinterpret_cast<const char*>(ASN1_STRING_get0_data(value));
  return clean_utf8({data, static_cast<std::size_t>(ASN1_STRING_length(value))});
}

std::string address_text(const ASN1_STRING* value) {
  const unsigned char* data = ASN1_STRING_get0_data(value);
  if (ASN1_STRING_length(value) == 4) {
    asio::ip::address_v4::bytes_type bytes{};
    std::copy_n(data, bytes.size(), bytes.begin());
    return asio::ip::make_address_v4(bytes).to_string();
  }
  if (ASN1_STRING_length(value) != 16) return {};
  asio::ip::address_v6::bytes_type bytes{};
  std::copy_n(data, bytes.size(), bytes.begin());
  return asio::ip::make_address_v6(bytes).to_string();
}

std::string common_name(const X509_NAME* name) {
  const int index = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
  if (index < 0) return {};
  return text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index)));
}

/// The alternative names, or the common name where there are none.
std::string names_of(const X509* certificate) {
  const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> alternatives(
      static_cast<GENERAL_NAMES*>(
          X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
      &GENERAL_NAMES_free);
  std::string names;
  const int count = alternatives ? sk_GENERAL_NAME_num(alternatives.get()) : 0;
  for (int i = 0; i < count && names.size() < kLongestNames; ++i) {
    int kind = 0;
    const void* value =
        GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(alternatives.get(), i), &kind);
    const auto* text = static_cast<const ASN1_STRING*>(value);
    if (kind != GEN_DNS && kind != GEN_IPADD) continue;
    if (!names.empty()) names += ", ";
    names += kind == GEN_DNS ? text_of(text) : address_text(text);
  }
  if (names.empty()) names = common_name(X509_get_subject_name(certificate));
  return shorten(names, kLongestNames);
}

std::string expiry_of(const X509* certificate) {
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> memory(BIO_new(BIO_s_mem()), &BIO_free_all);
  if (!memory || ASN1_TIME_print(memory.get(), X509_get0_notAfter(certificate)) != 1) return {};
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

bool note_certificate(bool good, X509_STORE_CTX* context, CertificateCheck& check) {
  if (X509_STORE_CTX_get_error_depth(context) == 0) {
    if (const X509* certificate = X509_STORE_CTX_get_current_cert(context)) {
      check.names = names_of(certificate);
      check.issuer = common_name(X509_get_issuer_name(certificate));
      check.expires = expiry_of(certificate);
    }
  }
  if (!good && check.problem == 0) check.problem = X509_STORE_CTX_get_error(context);
  return good;
}

bool demand_name(SSL* ssl, const std::string& host) {
  ErrorCode is_name;
  asio::ip::make_address(host, is_name);
  X509_VERIFY_PARAM* parameters = SSL_get0_param(ssl);
  X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (!is_name) return X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) == 1;
  return SSL_set1_host(ssl, host.c_str()) == 1 && SSL_set_tlsext_host_name(ssl, host.c_str()) == 1;
}

std::string certificate_problem(const std::string& host, const CertificateCheck& check) {
  switch (check.problem) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return fmt::format("the certificate of {} is for {}; check the address", host,
                         check.names.empty() ? "nobody" : check.names);
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return fmt::format(
          "the certificate of {} has expired ({}); its operator has to renew it, unless this "
          "machine's clock is wrong",
          host, check.expires);
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return fmt::format("the certificate of {} is not valid yet; check this machine's clock",
                         host);
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return fmt::format(
          "the certificate of {} is signed by an authority that is not trusted here ({}); if it is "
          "yours, set http.tls.ca_file to its PEM file",
          host, check.issuer.empty() ? "unnamed" : check.issuer);
    default:
      return fmt::format("the certificate of {} is not accepted: {}", host,
                         X509_verify_cert_error_string(check.problem));
  }
}

}  // namespace

Result<asio::ssl::context> make_client_tls(const std::filesystem::path& ca_file) {
  static constexpr std::array<unsigned char, 9> kHttp11 = {8,   'h', 't', 't', 'p',
                                                           '/', '1', '.', '1'};
  asio::ssl::context context(asio::ssl::context::tls_client);
  SSL_CTX* native = context.native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_protos(native, kHttp11.data(), static_cast<unsigned>(kHttp11.size()));
  ErrorCode problem;
  context.set_verify_mode(asio::ssl::verify_peer, problem);
  context.set_default_verify_paths(problem);
  if (ca_file.empty()) return context;
  context.load_verify_file(ca_file.string(), problem);
  if (!problem) return context;
  return Error{.code = Code::config,
               .message = fmt::format("cannot read certificates from {}: {}; http.tls.ca_file has "
                                      "to name a PEM file",
                                      ca_file.string(), problem.message())};
}

Result<void> expect_server(Stream::Tls& tls, const std::string& host, CertificateCheck& check) {
  ErrorCode problem;
  tls.set_verify_callback(
      [&check](bool good, asio::ssl::verify_context& context) {
        return note_certificate(good, context.native_handle(), check);
      },
      problem);
  if (!problem && demand_name(tls.native_handle(), host)) return {};
  return Error{.code = Code::internal, .message = fmt::format("cannot prepare TLS for {}", host)};
}

Error handshake_error(const std::string& host, const ErrorCode& problem,
                      const CertificateCheck& check) {
  if (check.problem != 0) {
    return {.code = Code::network, .message = certificate_problem(host, check)};
  }
  return {
      .code = Code::network,
      .message = fmt::format("cannot agree on TLS with {}: {}; it has to speak TLS 1.2 or newer "
                             "on this port",
                             host, problem.message())};
}

std::string describe(Stream::Tls& tls, const CertificateCheck& check) {
  return fmt::format("{}, certificate for {} by {} until {}", SSL_get_version(tls.native_handle()),
                     check.names, check.issuer, check.expires);
}

}  // namespace earshot::core
