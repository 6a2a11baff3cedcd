#include <algorithm>
#include <array>
#include <memory>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <earshot/core/base/freed.hpp>
#include <earshot/core/http/server.hpp>

namespace earshot::core {
namespace {

using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO_free_all>>;

Error failed(std::string_view step) {
  return {.code = Code::internal,
          .message = fmt::format("cannot make a self-signed certificate: {} failed", step)};
}

bool is_address(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  return inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
         inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
}

/// Nothing that has a meaning in OpenSSL's extension syntax.
bool is_plain_host(const std::string& host) {
  return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == ':' || c == '_';
  });
}

bool extend(X509* certificate, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool set_serial(X509* certificate) {
  std::uint64_t serial = 0;
  if (RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) != 1) return false;
  return ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1) == 1;
}

bool set_name(X509* certificate) {
  static constexpr std::string_view kName = "Earshot self-signed";
  X509_NAME* name = X509_get_subject_name(certificate);
  return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                    reinterpret_cast<const unsigned char*>(kName.data()),
                                    static_cast<int>(kName.size()), -1, 0) == 1 &&
         X509_set_issuer_name(certificate, name) == 1;
}

bool set_validity(X509* certificate, Micros lifetime) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(lifetime).count();
  return X509_gmtime_adj(X509_getm_notBefore(certificate), -2L * 24 * 3600) != nullptr &&
         X509_gmtime_adj(X509_getm_notAfter(certificate), static_cast<long>(seconds)) != nullptr;
}

Result<Certificate> certify(EVP_PKEY* key, const std::string& host, Micros lifetime) {
  Certificate certificate(X509_new());
  if (!certificate || X509_set_version(certificate.get(), X509_VERSION_3) != 1 ||
      !set_serial(certificate.get()) || !set_name(certificate.get()) ||
      !set_validity(certificate.get(), lifetime) || X509_set_pubkey(certificate.get(), key) != 1) {
    return failed("filling it in");
  }
  const std::string names =
      fmt::format("{}:{},IP:127.0.0.1", is_address(host) ? "IP" : "DNS", host);
  if (!extend(certificate.get(), NID_basic_constraints, "critical,CA:TRUE") ||
      !extend(certificate.get(), NID_subject_key_identifier, "hash") ||
      !extend(certificate.get(), NID_subject_alt_name, names)) {
    return failed("naming its hosts");
  }
  if (X509_sign(certificate.get(), key, EVP_sha256()) == 0) return failed("signing it");
  return certificate;
}

std::string contents(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace

Result<SelfSigned> make_self_signed(const std::string& host, Micros lifetime) {
  if (!is_plain_host(host)) {
    return Error{.code = Code::misuse,
                 .message = "a certificate is for a host name or an IP address"};
  }
  const Key key(EVP_EC_gen("P-256"));
  if (!key) return failed("making its key");
  EAR_TRY(const Certificate certificate, certify(key.get(), host, lifetime));
  const Memory certificate_pem(BIO_new(BIO_s_mem()));
  const Memory key_pem(BIO_new(BIO_s_mem()));
  if (!certificate_pem || !key_pem ||
      PEM_write_bio_X509(certificate_pem.get(), certificate.get()) != 1 ||
      PEM_write_bio_PrivateKey(key_pem.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) !=
          1) {
    return failed("writing it");
  }
  return SelfSigned{.certificate_pem = contents(certificate_pem.get()),
                    .key_pem = contents(key_pem.get())};
}

}  // namespace earshot::core
