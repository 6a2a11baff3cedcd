#pragma once

/// HTTP messages as values, the same for client, server, cassette and test.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <earshot/core/base/time.hpp>

namespace earshot::core {

/// True for a token of RFC 9110: what a method or the name of a header may be.
[[nodiscard]] bool is_http_token(std::string_view text) noexcept;
/// True where there are no control characters but tabs.
[[nodiscard]] bool is_header_value(std::string_view text) noexcept;

/// Header fields in order. Names compare without case.
class HttpHeaders {
 public:
  HttpHeaders() = default;
  HttpHeaders(std::initializer_list<std::pair<std::string, std::string>> fields)
      : fields_(fields) {}

  /// The first field of that name, or empty.
  [[nodiscard]] std::string_view get(std::string_view name) const noexcept;
  [[nodiscard]] bool has(std::string_view name) const noexcept;
  void add(std::string name, std::string value) {
    fields_.emplace_back(std::move(name), std::move(value));
  }
  /// Replaces all fields of that name.
  void set(std::string_view name, std::string value);
  void remove(std::string_view name);
  [[nodiscard]] auto begin() const noexcept { return fields_.begin(); }
  [[nodiscard]] auto end() const noexcept { return fields_.end(); }
  [[nodiscard]] std::size_t size() const noexcept { return fields_.size(); }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

/// scheme://host:port, lower case, the port always there.
struct Origin {
  std::string scheme;  ///< "http" or "https"
  std::string host;    ///< name or address, IPv6 without brackets
  std::uint16_t port = 0;
  friend auto operator<=>(const Origin&, const Origin&) = default;
  /// As it stands in a Host header: the port only where it is not the scheme's own.
  [[nodiscard]] std::string authority() const;
  [[nodiscard]] std::string text() const;
};

/// An absolute URL, split. Userinfo and fragments are refused by parse_url.
struct Url {
  Origin origin;
  std::string target;  ///< path and query, beginning with '/'
};
[[nodiscard]] std::optional<Url> parse_url(std::string_view text);

/// True for loopback addresses and "localhost".
[[nodiscard]] bool is_loopback(std::string_view host) noexcept;

struct HttpTimeouts {
  Micros connect = std::chrono::seconds(10);
  Micros first_byte = std::chrono::seconds(30);
  Micros idle = std::chrono::seconds(30);  ///< between two reads or writes
  std::optional<Micros> total{};
};

struct HttpRequest {
  std::string method = "GET";
  Origin origin{};
  std::string target = "/";  ///< path and query as they go on the wire
  HttpHeaders headers{};
  std::string body{};
  HttpTimeouts timeouts{};
  std::uint64_t max_body = 64ULL << 20;  ///< Of the answer, after decompression, in bytes.
  bool public_only = false;              ///< Connect to public addresses only (checked after DNS).
};

struct HttpResponse {
  int status = 0;
  HttpHeaders headers{};
  std::string body{};  ///< Decompressed.
};

}  // namespace earshot::core
