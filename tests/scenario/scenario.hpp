#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <earshot/core/base/clock.hpp>
#include <earshot/core/json/document.hpp>

#include "child.hpp"
#include "control.hpp"
#include "sandbox/sandbox.hpp"

namespace earshot::scenario {

/// One integration "acme", as its members stand in the configuration; each a piece of YAML.
struct Account {
  std::string config{};       ///< JSON; empty: the sandbox's first way in.
  std::string credentials{};  ///< JSON; empty: the sandbox's first way in.
  int page_size = 1000;
  std::string limits = "{account: off, incremental: off}";
  std::string http = "{retry_delay: 10ms}";
  std::string base_url{};  ///< Empty: the sandbox's.
};

/// A way in of the sandbox's ready line.
struct Access {
  std::string config;
  std::string credentials;
};

/// The program `earshot` with a folder of its own and a sandbox to fetch from.
class Scenario : public ::testing::Test {
 protected:
  Scenario();
  ~Scenario() override;

  /// Starts the sandbox, limits off unless said otherwise.
  void serve(std::uint64_t items, std::uint64_t seed = 1, bool limits = false);
  /// Writes earshot.yaml for the sandbox served.
  void write_config(const Account& account = {});
  void write_file(const std::string& name, const std::string& text);
  [[nodiscard]] std::string content(const std::string& name) const;
  [[nodiscard]] Access access(const std::string& title) const;

  /// `earshot --config FOLDER/earshot.yaml words...`, the program first.
  [[nodiscard]] std::vector<std::string> command(const std::vector<std::string>& words) const;
  /// Starts that.
  [[nodiscard]] std::unique_ptr<Child> start(const std::vector<std::string>& words);
  [[nodiscard]] Finished run(const std::vector<std::string>& words);
  /// Runs `earshot sync acme --json options...`, which must end with that code; its summary.
  std::unique_ptr<core::JsonDocument> sync(const std::vector<std::string>& options = {},
                                           int exit_code = 0);

  [[nodiscard]] Control& control() { return *control_; }
  [[nodiscard]] std::unique_ptr<core::JsonDocument> truth();
  void change(int update, int remove, int add);
  /// Targets of the product's requests since the last forget_requests().
  [[nodiscard]] std::vector<std::string> targets();
  void forget_requests();
  /// Waits until the product has answered so many requests.
  void await_requests(std::size_t count);

  /// What `earshot export --deleted` prints.
  [[nodiscard]] std::string exported(const std::vector<std::string>& more = {});
  /// Ids of an export, sorted, duplicates included.
  [[nodiscard]] static std::vector<std::string> ids_of(const std::string& ndjson);
  /// Expects what is stored to be the product's items: count, ids and checksum.
  void expect_oracle(const std::vector<std::string>& more = {});

  /// The first value that an SQL statement gives.
  static std::string ask(const std::filesystem::path& store, const char* sql);

  [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }
  [[nodiscard]] std::filesystem::path data() const { return folder_ / "data"; }
  [[nodiscard]] const std::string& base_url() const noexcept { return base_url_; }

 private:
  std::filesystem::path folder_;
  core::SystemClock clock_;
  std::unique_ptr<sandbox::Sandbox> sandbox_;
  std::unique_ptr<core::JsonDocument> ready_;
  std::string base_url_;
  std::unique_ptr<Control> control_;
};

/// A summary's number.
[[nodiscard]] std::int64_t number(const core::JsonDocument& run, std::string_view name);
/// A summary's text.
[[nodiscard]] std::string text(const core::JsonDocument& run, std::string_view name);

}  // namespace earshot::scenario
