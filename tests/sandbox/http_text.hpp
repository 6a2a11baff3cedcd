#pragma once

/// What simulated products need to read requests and write answers.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <earshot/core/http/server.hpp>

namespace earshot::sandbox {

/// Names and values in order, decoded.
class Parameters {
 public:
  /// Reads "a=1&b=x%20y" as a query or a form is written: '+' is a space.
  [[nodiscard]] static Parameters parse(std::string_view encoded);

  /// The last value of that name.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const noexcept;
  void add(std::string name, std::string value) {
    fields_.emplace_back(std::move(name), std::move(value));
  }
  [[nodiscard]] auto begin() const noexcept { return fields_.begin(); }
  [[nodiscard]] auto end() const noexcept { return fields_.end(); }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

/// The path of a request target, without its query.
[[nodiscard]] std::string_view path_of(std::string_view target) noexcept;
/// The query of a request target, decoded.
[[nodiscard]] Parameters query_of(std::string_view target);
/// The media type of a Content-Type field, lower case and without parameters.
[[nodiscard]] std::string media_type(const core::HttpHeaders& headers);

[[nodiscard]] core::HttpReply json_reply(int status, std::string body);
/// {"error": error, "description": description}
[[nodiscard]] core::HttpReply error_reply(int status, std::string_view error,
                                          std::string_view description);

}  // namespace earshot::sandbox
