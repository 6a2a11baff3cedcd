#pragma once

#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

#include <earshot/core/base/result.hpp>
#include <earshot/core/json/document.hpp>

namespace earshot::host {

/// earshot-sandbox as a child of this process: started, heard out, ended with this object.
class SandboxProcess {
 public:
  /// Starts it and waits for its first line. The program stands beside this one.
  [[nodiscard]] static core::Result<std::unique_ptr<SandboxProcess>> start(
      const std::vector<std::string>& arguments);
  ~SandboxProcess();
  SandboxProcess(const SandboxProcess&) = delete;
  SandboxProcess& operator=(const SandboxProcess&) = delete;

  /// Its first line: products with base_url, config, credentials and control_url.
  [[nodiscard]] core::JsonValue ready() const { return ready_->root(); }
  /// Waits until it ends.
  void wait();

 private:
  SandboxProcess(pid_t pid, std::unique_ptr<core::JsonDocument> ready)
      : pid_(pid), ready_(std::move(ready)) {}

  pid_t pid_;
  std::unique_ptr<core::JsonDocument> ready_;
};

/// Where earshot-sandbox is looked for.
[[nodiscard]] std::string sandbox_program();

}  // namespace earshot::host
