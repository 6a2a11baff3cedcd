#pragma once

/// A request as a plugin writes it, and as the ABI takes it.

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include <earshot/abi.h>
#include <earshot/sdk/text.hpp>

namespace earshot::sdk {

/// A request in full, for what `get` and its siblings do not cover. Views are borrowed until it was
/// sent.
struct Request {
  std::string_view method = "GET";
  std::string_view path{};      ///< Begins with '/', or an absolute URL that the product gave.
  std::string_view endpoint{};  ///< A name under the manifest's `endpoints`; empty is "api".
  std::vector<std::pair<std::string_view, std::string_view>> query{};
  std::vector<std::pair<std::string_view, std::string_view>> headers{};
  std::string_view body{};
  std::string_view content_type = "application/json";
  std::uint32_t safety = EAR_SAFETY_BY_METHOD;
  std::uint32_t flags = 0;  ///< EAR_HTTP_*
  std::string_view bucket_key{};
  std::string_view idempotency_key{};
};

/// The same for the ABI. Borrows what the Request borrows; stays where it was made.
class WireRequest {
 public:
  explicit WireRequest(const Request& request)
      : query_(pairs(request.query)), headers_(pairs(request.headers)) {
    wire_.size = sizeof wire_;
    wire_.flags = request.flags;
    wire_.method = borrow(request.method);
    wire_.endpoint = borrow(request.endpoint);
    wire_.path = borrow(request.path);
    wire_.query = query_.data();
    wire_.query_count = query_.size();
    wire_.headers = headers_.data();
    wire_.header_count = headers_.size();
    wire_.safety = request.safety;
    wire_.bucket_key = borrow(request.bucket_key);
    wire_.idempotency_key = borrow(request.idempotency_key);
    if (!request.body.empty()) set_body(request);
  }
  WireRequest(const WireRequest&) = delete;
  WireRequest& operator=(const WireRequest&) = delete;

  [[nodiscard]] const ear_request& get() const noexcept { return wire_; }

 private:
  using Texts = std::vector<std::pair<std::string_view, std::string_view>>;

  static std::vector<ear_pair> pairs(const Texts& texts) {
    std::vector<ear_pair> out;
    out.reserve(texts.size());
    for (const auto& [key, value] : texts) out.push_back({borrow(key), borrow(value)});
    return out;
  }

  void set_body(const Request& request) noexcept {
    part_.size = sizeof part_;
    part_.content_type = borrow(request.content_type);
    part_.bytes = borrow_bytes(request.body);
    wire_.body_kind = EAR_BODY_BYTES;
    wire_.parts = &part_;
    wire_.part_count = 1;
  }

  std::vector<ear_pair> query_;
  std::vector<ear_pair> headers_;
  ear_part part_{};
  ear_request wire_{};
};

}  // namespace earshot::sdk
