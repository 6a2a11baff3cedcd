#pragma once

/// Reading what a product answered. The host parsed it once; nothing here allocates but the strings
/// asked for.

#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <earshot/abi.h>
#include <earshot/sdk/result.hpp>
#include <earshot/sdk/text.hpp>

namespace earshot::sdk {

/// A value in a JSON document of the host. A plain value: copy it freely while its document lives.
/// Accessors take an RFC 6901 pointer below this value; "" is the value itself. What is absent or
/// of another type is an Error that names the pointer; only the `_or` forms have defaults. Its code
/// is bad_data, in the configuration config. [one thread at a time], inside the call.
class Value {
 public:
  Value(const ear_json* json, ear_call* call, ear_value value,
        Code otherwise = Code::bad_data) noexcept
      : json_(json), call_(call), value_(value), otherwise_(otherwise) {}

  [[nodiscard]] Value at(std::string_view pointer) const noexcept {
    return {json_, call_, json_->at(call_, value_, borrow(pointer)), otherwise_};
  }

  [[nodiscard]] bool exists() const noexcept { return value_.kind != EAR_JSON_ABSENT; }
  [[nodiscard]] bool is_null() const noexcept { return value_.kind == EAR_JSON_NULL; }
  [[nodiscard]] bool is_string() const noexcept { return value_.kind == EAR_JSON_STRING; }
  [[nodiscard]] bool is_number() const noexcept { return value_.kind == EAR_JSON_NUMBER; }
  [[nodiscard]] bool is_array() const noexcept { return value_.kind == EAR_JSON_ARRAY; }
  [[nodiscard]] bool is_object() const noexcept { return value_.kind == EAR_JSON_OBJECT; }

  /// A string's text or a number's source token; empty for anything else. Lives as long as the
  /// document.
  [[nodiscard]] std::string_view view() const noexcept {
    return sdk::view(json_->text(call_, value_));
  }
  /// The name under which this value stands in its object.
  [[nodiscard]] std::string_view key() const noexcept {
    return sdk::view(json_->key(call_, value_));
  }
  [[nodiscard]] std::uint64_t size() const noexcept { return json_->count(call_, value_); }

  /// A string, or a number as its source token (ids stay exact).
  [[nodiscard]] Result<std::string> text(std::string_view pointer = {}) const {
    const Value found = at(pointer);
    if (!found.is_string() && !found.is_number())
      return found.unlike("a string or number", pointer);
    return std::string(found.view());
  }
  [[nodiscard]] std::string text_or(std::string_view pointer, std::string_view other) const {
    const Value found = at(pointer);
    return std::string(found.is_string() || found.is_number() ? found.view() : other);
  }
  [[nodiscard]] Result<std::int64_t> integer(std::string_view pointer = {}) const {
    const Value found = at(pointer);
    const std::optional<std::int64_t> number = parse_integer(found.view());
    if (!found.is_number() || !number) return found.unlike("an integer", pointer);
    return *number;
  }
  [[nodiscard]] Result<bool> flag(std::string_view pointer = {}) const {
    const Value found = at(pointer);
    if (found.value_.kind != EAR_JSON_TRUE && found.value_.kind != EAR_JSON_FALSE) {
      return found.unlike("true or false", pointer);
    }
    return found.value_.kind == EAR_JSON_TRUE;
  }

  /// Elements of an array or member values of an object: `for (Value ticket :
  /// page.at("/tickets"))`.
  class Iterator {
   public:
    Iterator(const ear_json* json, ear_call* call, ear_value value, Code otherwise) noexcept
        : json_(json), call_(call), value_(value), otherwise_(otherwise) {}
    Value operator*() const noexcept { return {json_, call_, value_, otherwise_}; }
    Iterator& operator++() noexcept {
      value_ = json_->next(call_, value_);
      return *this;
    }
    bool operator==(std::default_sentinel_t /*end*/) const noexcept {
      return value_.kind == EAR_JSON_ABSENT;
    }

   private:
    const ear_json* json_;
    ear_call* call_;
    ear_value value_;
    Code otherwise_;
  };
  [[nodiscard]] Iterator begin() const noexcept {
    return {json_, call_, json_->first(call_, value_), otherwise_};
  }
  [[nodiscard]] static std::default_sentinel_t end() noexcept { return std::default_sentinel; }

  [[nodiscard]] ear_value raw() const noexcept { return value_; }

 private:
  [[nodiscard]] Error unlike(std::string_view wanted, std::string_view pointer) const {
    std::string message("expected ");
    ((((message += wanted) += " at ") += pointer.empty() ? "the root" : pointer) += ", found ") +=
        kind_name();
    const ear_resp found_in = otherwise_ == Code::bad_data ? value_.resp : 0;
    return Error{.code = otherwise_, .message = std::move(message), .response = found_in};
  }
  [[nodiscard]] std::string_view kind_name() const noexcept {
    static constexpr std::string_view kNames[] = {"nothing",  "null",     "false",    "true",
                                                  "a number", "a string", "an array", "an object"};
    return value_.kind < std::size(kNames) ? kNames[value_.kind] : "something unknown";
  }

  const ear_json* json_;
  ear_call* call_;
  ear_value value_;
  Code otherwise_;  ///< Of the error where a value is not what it should be.
};

/// A response. Owns its place in the host and gives it back when it goes; moved, not copied.
class Page {
 public:
  Page(const ear_host* host, ear_call* call, const ear_response& response) noexcept
      : host_(host), call_(call), response_(response) {}
  Page(Page&& other) noexcept
      : host_(other.host_), call_(other.call_), response_(std::exchange(other.response_, {})) {}
  Page& operator=(Page&& other) noexcept {
    std::swap(host_, other.host_);
    std::swap(call_, other.call_);
    std::swap(response_, other.response_);
    return *this;
  }
  ~Page() {
    if (response_.id != 0) host_->release(call_, response_.id);
  }

  [[nodiscard]] int status() const noexcept { return response_.status; }
  [[nodiscard]] ear_resp id() const noexcept { return response_.id; }
  [[nodiscard]] std::string_view header(std::string_view name) const noexcept {
    return sdk::view(host_->header(call_, response_.id, borrow(name)));
  }
  [[nodiscard]] std::string_view body() const noexcept {
    const ear_bytes bytes = host_->body(call_, response_.id);
    return bytes.size == 0
               ? std::string_view{}
               : std::string_view{reinterpret_cast<const char*>(bytes.data), bytes.size};
  }

  /// The whole document, and shorthands for what lies in it. See Value.
  [[nodiscard]] Value root() const noexcept {
    return {host_->json, call_, host_->json->root(call_, response_.id)};
  }
  [[nodiscard]] Value at(std::string_view pointer) const noexcept { return root().at(pointer); }
  [[nodiscard]] Result<std::string> text(std::string_view pointer) const {
    return root().text(pointer);
  }
  [[nodiscard]] std::string text_or(std::string_view pointer, std::string_view other) const {
    return root().text_or(pointer, other);
  }
  [[nodiscard]] Result<std::int64_t> integer(std::string_view pointer) const {
    return root().integer(pointer);
  }
  [[nodiscard]] Result<bool> flag(std::string_view pointer) const { return root().flag(pointer); }

 private:
  const ear_host* host_;
  ear_call* call_;
  ear_response response_;
};

}  // namespace earshot::sdk
