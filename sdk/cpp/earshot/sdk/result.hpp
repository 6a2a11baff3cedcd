#pragma once

/// Values that may be errors. Nothing in Earshot throws across an interface; what can fail returns
/// a Result.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include <earshot/abi.h>

namespace earshot::sdk {

/// What an operation came to. `abi.h` says for each when to choose it and what the host does next.
enum class Code : std::int32_t {
  ok = EAR_OK,
  cancelled = EAR_CANCELLED,
  deadline = EAR_DEADLINE,
  config = EAR_CONFIG,
  auth = EAR_AUTH,
  auth_expired = EAR_AUTH_EXPIRED,
  forbidden = EAR_FORBIDDEN,
  not_found = EAR_NOT_FOUND,
  rate_limited = EAR_RATE_LIMITED,
  network = EAR_NETWORK,
  upstream = EAR_UPSTREAM,
  bad_data = EAR_BAD_DATA,
  bad_cursor = EAR_BAD_CURSOR,
  bad_signature = EAR_BAD_SIGNATURE,
  sink_closed = EAR_SINK_CLOSED,
  limit = EAR_LIMIT,
  misuse = EAR_MISUSE,
  unsupported = EAR_UNSUPPORTED,
  internal = EAR_INTERNAL,
  yielded = EAR_YIELDED,
  conflict = EAR_CONFLICT,
};

/// The code's name as it appears in logs and JSON output ("bad_data").
[[nodiscard]] constexpr std::string_view to_string(Code code) noexcept {
  switch (code) {
    case Code::ok: return "ok";
    case Code::cancelled: return "cancelled";
    case Code::deadline: return "deadline";
    case Code::config: return "config";
    case Code::auth: return "auth";
    case Code::auth_expired: return "auth_expired";
    case Code::forbidden: return "forbidden";
    case Code::not_found: return "not_found";
    case Code::rate_limited: return "rate_limited";
    case Code::network: return "network";
    case Code::upstream: return "upstream";
    case Code::bad_data: return "bad_data";
    case Code::bad_cursor: return "bad_cursor";
    case Code::bad_signature: return "bad_signature";
    case Code::sink_closed: return "sink_closed";
    case Code::limit: return "limit";
    case Code::misuse: return "misuse";
    case Code::unsupported: return "unsupported";
    case Code::internal: return "internal";
    case Code::yielded: return "yielded";
    case Code::conflict: return "conflict";
  }
  return "internal";
}

class Page;

/// Why something failed. `message` names the place and the remedy and holds no secret.
struct Error {
  Code code = Code::internal;
  std::string message;
  int status = 0;                                          ///< HTTP status; 0 where none.
  std::optional<std::chrono::milliseconds> retry_after{};  ///< When the product said so.
  ear_resp response = 0;  ///< In a plugin: the answer it was found in; else 0.
  /// In a plugin: the answer itself where the product gave one, to read more of it. Copies of the
  /// error share it; the host has it back when the last one goes, within the call.
  std::shared_ptr<const Page> page{};
};

/// A T, or the Error that stands in its place. Member names are those of std::expected.
template <typename T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  /// Requires has_value().
  [[nodiscard]] T& value() & noexcept { return *std::get_if<0>(&state_); }
  [[nodiscard]] const T& value() const& noexcept { return *std::get_if<0>(&state_); }
  [[nodiscard]] T&& value() && noexcept { return std::move(*std::get_if<0>(&state_)); }
  T& operator*() & noexcept { return value(); }
  const T& operator*() const& noexcept { return value(); }
  T&& operator*() && noexcept { return std::move(*this).value(); }
  T* operator->() noexcept { return &value(); }
  const T* operator->() const noexcept { return &value(); }

  /// Requires !has_value().
  [[nodiscard]] Error& error() & noexcept { return *std::get_if<1>(&state_); }
  [[nodiscard]] const Error& error() const& noexcept { return *std::get_if<1>(&state_); }
  [[nodiscard]] Error&& error() && noexcept { return std::move(*std::get_if<1>(&state_)); }

  [[nodiscard]] T value_or(T other) const& { return has_value() ? value() : std::move(other); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  [[nodiscard]] bool has_value() const noexcept { return !error_.has_value(); }
  explicit operator bool() const noexcept { return has_value(); }

  /// Requires !has_value().
  [[nodiscard]] Error& error() & noexcept { return *error_; }
  [[nodiscard]] const Error& error() const& noexcept { return *error_; }
  [[nodiscard]] Error&& error() && noexcept { return std::move(*error_); }

 private:
  std::optional<Error> error_;
};

}  // namespace earshot::sdk

#define EAR_DETAIL_JOIN_(a, b) a##b
#define EAR_DETAIL_JOIN(a, b) EAR_DETAIL_JOIN_(a, b)
#define EAR_DETAIL_TRY(result, declaration, ...)             \
  auto result = (__VA_ARGS__);                               \
  if (!result.has_value()) return std::move(result).error(); \
  declaration = std::move(result).value()

/// EAR_TRY(declaration, expression): assigns the value, or returns the error to the caller.
#define EAR_TRY(declaration, ...) \
  EAR_DETAIL_TRY(EAR_DETAIL_JOIN(ear_result_, __COUNTER__), declaration, __VA_ARGS__)

/// EAR_CHECK(expression): goes on if it succeeded, else returns the error to the caller.
#define EAR_CHECK(...)                                                   \
  do {                                                                   \
    auto ear_checked = (__VA_ARGS__);                                    \
    if (!ear_checked.has_value()) return std::move(ear_checked).error(); \
  } while (false)
