#include "request.hpp"

#include <algorithm>
#include <utility>

#include <earshot/core/base/digest.hpp>
#include <earshot/core/base/text.hpp>
#include <earshot/sdk/text.hpp>

namespace earshot::core {

using sdk::percent_encode;
using sdk::view;

namespace {

Error misuse(std::string message) {
  return {.code = Code::misuse, .message = std::move(message)};
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::string_view bytes_of(const ear_part& part) {
  return part.bytes.size == 0
             ? std::string_view{}
             : std::string_view{reinterpret_cast<const char*>(part.bytes.data), part.bytes.size};
}

const ear_part& part_at(const ear_request& request, std::uint64_t index) {
  const auto* bytes = reinterpret_cast<const char*>(request.parts) + index * request.parts->size;
  return *reinterpret_cast<const ear_part*>(bytes);
}

std::string form_body(const ear_request& request) {
  std::string body;
  for (std::uint64_t i = 0; i < request.part_count; ++i) {
    const ear_part& part = part_at(request, i);
    if (i != 0) body += '&';
    body += percent_encode(view(part.name)) + '=' + percent_encode(bytes_of(part));
  }
  return body;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') {
      out += "%22";
    } else if (!has_control({&c, 1})) {
      out += c;
    }
  }
  return out += '"';
}

std::string multipart_body(const ear_request& request, std::string_view boundary) {
  std::string body;
  for (std::uint64_t i = 0; i < request.part_count; ++i) {
    const ear_part& part = part_at(request, i);
    ((body += "--") += boundary) += "\r\nContent-Disposition: form-data; name=";
    body += quoted(view(part.name));
    if (part.filename.size != 0) (body += "; filename=") += quoted(view(part.filename));
    if (part.content_type.size != 0) (body += "\r\nContent-Type: ") += view(part.content_type);
    ((body += "\r\n\r\n") += bytes_of(part)) += "\r\n";
  }
  return ((body += "--") += boundary) += "--\r\n";
}

Result<void> read_body(const ear_request& request, ProductRequest& out) {
  if (request.body_kind == EAR_BODY_NONE) return {};
  if (request.part_count == 0 || request.parts == nullptr)
    return misuse("request: a body without parts");
  if (request.parts->size < sizeof(ear_part))
    return misuse("request: `size` of the first part is not set (ABI-3)");
  for (std::uint64_t i = 0; i < request.part_count; ++i) {
    if (!is_header_value(view(part_at(request, i).content_type)))
      return misuse("request: the content_type of part " + std::to_string(i) +
                    " is not well formed");
  }
  switch (request.body_kind) {
    case EAR_BODY_BYTES: {
      const ear_part& part = *request.parts;
      out.body = bytes_of(part);
      out.headers.set("Content-Type", part.content_type.size == 0
                                          ? "application/json"
                                          : std::string(view(part.content_type)));
      return {};
    }
    case EAR_BODY_FORM:
      out.body = form_body(request);
      out.headers.set("Content-Type", "application/x-www-form-urlencoded");
      return {};
    case EAR_BODY_MULTIPART: {
      const std::string boundary = "earshot-" + hex_encode(random_bytes(16));
      out.body = multipart_body(request, boundary);
      out.headers.set("Content-Type", "multipart/form-data; boundary=" + boundary);
      return {};
    }
    default: return misuse("request: unknown body_kind");
  }
}

Result<void> read_headers(const ear_request& request, ProductRequest& out) {
  for (std::uint64_t i = 0; i < request.header_count; ++i) {
    const std::string_view name = view(request.headers[i].key);
    const std::string_view value = view(request.headers[i].value);
    if (!is_http_token(name) || !is_header_value(value))
      return misuse("request: header " + std::to_string(i) + " is not well formed");
    if (iequals(name, "authorization") || iequals(name, "host") ||
        iequals(name, "content-length") || iequals(name, "cookie")) {
      return misuse("request: header '" + std::string(name) + "' is the host's to send (ABI-9)");
    }
    out.headers.add(std::string(name), std::string(value));
  }
  return {};
}

void append_query(const ear_request& request, std::string& path) {
  for (std::uint64_t i = 0; i < request.query_count; ++i) {
    path += path.find('?') == std::string::npos ? '?' : '&';
    path += percent_encode(view(request.query[i].key)) + '=' +
            percent_encode(view(request.query[i].value));
  }
}

Result<void> read_target(const ear_request& request, const LinkText& link_text,
                         const Manifest& manifest, ProductRequest& out) {
  out.path = view(request.path);
  if (request.endpoint.size != 0) out.endpoint = view(request.endpoint);
  if (request.link.size != 0) {
    out.link = view(request.link);
    const auto rule = manifest.links.find(out.link);
    if (rule == manifest.links.end())
      return misuse("request: the manifest declares no link '" + out.link + "'");
    out.path = link_text(request.link_resp, std::string(view(request.link_at)) + rule->second.at);
    if (out.path.empty())
      return Error{.code = Code::bad_data,
                   .message = "the answer has no URL for link '" + out.link + "'"};
  } else if (!manifest.endpoints.contains(out.endpoint)) {
    return misuse("request: the manifest declares no endpoint '" + shorten(out.endpoint, 40) + "'");
  }
  if (out.path.empty() || has_control(out.path) || out.path.find(' ') != std::string::npos) {
    return misuse("request: the path must begin with '/' and be percent-encoded");
  }
  return {};
}

}  // namespace

Result<ProductRequest> read_request(const ear_request& request, const LinkText& link_text,
                                    const Manifest& manifest) {
  if ((request.query_count != 0 && request.query == nullptr) ||
      (request.header_count != 0 && request.headers == nullptr))
    return misuse("request: a count without its array");
  ProductRequest out;
  out.method = view(request.method);
  if (!is_http_token(out.method) || out.method.size() > 20)
    return misuse("request: the method is not well formed");
  EAR_CHECK(read_target(request, link_text, manifest, out));
  append_query(request, out.path);
  EAR_CHECK(read_headers(request, out));
  EAR_CHECK(read_body(request, out));
  if (request.safety > EAR_SAFETY_UNSAFE) return misuse("request: unknown safety");
  out.safety = static_cast<ProductRequest::Safety>(request.safety);
  out.bucket_key = view(request.bucket_key);
  out.idempotency_key = view(request.idempotency_key);
  out.cost = std::max(request.cost, 1U);
  out.authorize = (request.flags & EAR_HTTP_NO_AUTH) == 0;
  out.expect_json = (request.flags & EAR_HTTP_RAW) == 0;
  if (request.timeout_ms != 0) out.total_timeout = std::chrono::milliseconds(request.timeout_ms);
  return out;
}

}  // namespace earshot::core
