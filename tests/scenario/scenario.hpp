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

/// A simulated product, and what must be known of it to treat all of them alike.
struct Product {
  const char* name;
  int page_size;              ///< The largest.
  const char* no_limits;      ///< YAML that lifts its limits.
  const char* item_pages;     ///< Path of the requests that bring items; '*' for any characters.
  bool sees_deletions;        ///< A fetch learns what was deleted.
  std::size_t idle_requests;  ///< Of a run that finds nothing new.
  const char* asked_again;    ///< Path of the item pages that are asked for in every run.
};
[[nodiscard]] const std::vector<const Product*>& products();
[[nodiscard]] const Product& zendesk();
[[nodiscard]] const Product& intercom();
[[nodiscard]] const Product& surveymonkey();
/// For the names of parameterized tests.
[[nodiscard]] std::string product_name(const testing::TestParamInfo<const Product*>& info);

/// One integration "acme", as its members stand in the configuration; each a piece of YAML.
struct Account {
  std::string config{};       ///< JSON; empty: the sandbox's first way in.
  std::string credentials{};  ///< JSON; empty: the sandbox's first way in.
  int page_size = 0;          ///< 0: the product's largest.
  std::string limits{};       ///< Empty: none.
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
  explicit Scenario(const Product& product = zendesk());
  ~Scenario() override;

  /// Starts the sandbox, limits off unless said otherwise.
  void serve(std::uint64_t items, std::uint64_t seed = 1, bool limits = false);
  /// The same for an account that stands at `now`.
  void serve_at(core::Time now, std::uint64_t items, bool limits);
  /// The same behind TLS; the product's certificate is in the file that is returned.
  [[nodiscard]] std::string serve_tls(std::uint64_t items);
  /// Writes earshot.yaml for the sandbox served, its secrets in files of their own.
  void write_config(const Account& account = {});
  void write_file(const std::string& name, const std::string& text);
  [[nodiscard]] std::string content(const std::string& name) const;
  /// The way in of that title; without one, the first.
  [[nodiscard]] Access access(const std::string& title = "") const;

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
  [[nodiscard]] const Product& product() const noexcept { return product_; }

 private:
  void serve(const sandbox::SandboxOptions& options);
  /// The same credentials, each as the name of a file that holds it.
  [[nodiscard]] std::string in_files(const std::string& credentials);

  const Product& product_;
  std::filesystem::path folder_;
  core::SystemClock clock_;
  std::unique_ptr<sandbox::Sandbox> sandbox_;
  std::unique_ptr<core::JsonDocument> ready_;
  std::string base_url_;
  std::unique_ptr<Control> control_;
};

/// A scenario that every product goes through.
class EveryProduct : public Scenario, public testing::WithParamInterface<const Product*> {
 protected:
  EveryProduct() : Scenario(*GetParam()) {}
};

/// A summary's number.
[[nodiscard]] std::int64_t number(const core::JsonDocument& run, std::string_view name);
/// A summary's text.
[[nodiscard]] std::string text(const core::JsonDocument& run, std::string_view name);

}  // namespace earshot::scenario
