#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <earshot/core/http/server.hpp>

#include "scenario.hpp"

namespace earshot::scenario {

/// A row of docs/reference/bad-days.md.
struct BadDay {
  std::string fault;
  std::string text;  ///< What the program says; "…" stands for anything.
  int exit_code = 0;
  std::string remedy;
};
/// The page's rows; failures of the test where it cannot be read.
[[nodiscard]] std::vector<BadDay> read_bad_days();

/// A program that has stored 30 of 60 items when something goes wrong.
class BadDays : public Scenario, public testing::WithParamInterface<BadDay> {
 public:
  /// Of the product that the row begins with, or else Zendesk.
  BadDays();
  using Scenario::access;
  using Scenario::ask;
  using Scenario::await_requests;
  using Scenario::base_url;
  using Scenario::command;
  using Scenario::content;
  using Scenario::control;
  using Scenario::data;
  using Scenario::folder;
  using Scenario::forget_requests;
  using Scenario::run;
  using Scenario::start;
  using Scenario::sync;
  using Scenario::write_config;
  using Scenario::write_file;

  /// Puts `to` in the place of `from` in earshot.yaml.
  void edit_config(const std::string& from, const std::string& to);
  /// Runs `sync acme` against a server that gives everybody this answer.
  [[nodiscard]] Finished sync_from(core::HttpReply reply);
  /// Starts that server, with this certificate where one is given; its URL.
  std::string serve_answer(core::HttpReply reply, const core::SelfSigned& tls = {});
  /// Starts a sync that stands still within its next page but one.
  [[nodiscard]] std::unique_ptr<Child> start_stuck_sync();
  /// `words` run by a user who owns nothing here; needs root or is skipped.
  [[nodiscard]] Finished run_as_nobody(const std::vector<std::string>& words);

 private:
  std::unique_ptr<core::HttpServer> server_;
};

/// How to bring a row's fault about.
struct Fault {
  std::function<Finished(BadDays&)> strike;
  /// Ends it; a good configuration is written before.
  std::function<void(BadDays&)> mend = [](BadDays&) {};
};
using Faults = std::map<std::string, Fault>;

[[nodiscard]] Faults configuration_faults();
[[nodiscard]] Faults access_faults();
[[nodiscard]] Faults plugin_faults();
[[nodiscard]] Faults product_faults();
[[nodiscard]] Faults machine_faults();

}  // namespace earshot::scenario
