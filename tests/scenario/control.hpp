#pragma once

#include <memory>
#include <string>

#include <earshot/core/base/clock.hpp>
#include <earshot/core/http/client.hpp>
#include <earshot/core/json/document.hpp>

namespace earshot::scenario {

/// Requests to a sandbox, one after the other. [one thread at a time]
class Control {
 public:
  explicit Control(const std::string& base_url);
  ~Control();
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;

  /// The answer's JSON; a failure of the test, and an empty object, unless the status is 2xx.
  [[nodiscard]] std::unique_ptr<core::JsonDocument> get(const std::string& target,
                                                        core::HttpHeaders headers = {});
  std::unique_ptr<core::JsonDocument> post(const std::string& target, std::string body,
                                           core::HttpHeaders headers = {});
  void remove(const std::string& target);

 private:
  core::HttpResponse send(core::HttpRequest request);

  core::Origin origin_;
  core::SystemClock clock_;
  core::Loop loop_;
  std::unique_ptr<core::HttpClient> client_;
};

}  // namespace earshot::scenario
