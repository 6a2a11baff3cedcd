#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "scenario.hpp"

namespace earshot::scenario {
namespace {

using testing::HasSubstr;

constexpr int kUsage = 2;
/// Where nobody listens.
constexpr const char* kNowhere = "http://127.0.0.1:9";

class Renormalize : public Scenario {
 protected:
  void write_mapping(const std::string& mapping, const std::string& base_url,
                     bool store_raw = true) {
    const Access way = access("API token");
    write_file(
        "earshot.yaml",
        fmt::format("data_dir: data\nplugin_dirs: [{}]\nintegrations:\n  acme:\n"
                    "    plugin: zendesk\n    base_url: {}\n    config: {}\n"
                    "    credentials: {}\n    limits: {{account: off, incremental: off}}\n"
                    "    store_raw: {}\n    mapping: {}\n",
                    EARSHOT_PLUGIN_DIR, base_url, way.config, way.credentials, store_raw, mapping));
  }
  std::unique_ptr<core::JsonDocument> renormalize(int exit_code = 0) {
    const Finished finished = run({"renormalize", "acme", "--json"});
    EXPECT_EQ(finished.exit_code, exit_code) << finished.out << finished.err;
    auto document = core::JsonDocument::parse(finished.out);
    EXPECT_TRUE(document) << finished.out;
    return document ? std::move(document.value()) : core::JsonDocument::parse("{}").value();
  }
};

constexpr const char* kTitled = R"({ticket: {title: {template: "Ticket {/id}"}}})";

TEST_F(Renormalize, NeedsNoProduct) {
  serve(150);
  write_mapping("{}", base_url());
  sync();
  const std::string before = exported();
  write_mapping(kTitled, kNowhere);
  const auto done = renormalize();
  EXPECT_EQ(text(*done, "outcome"), "completed");
  EXPECT_GT(number(*done, "updated"), 100);
  EXPECT_EQ(number(*done, "rejected"), 0);
  EXPECT_THAT(exported(), HasSubstr(R"("title":"Ticket )"));
  write_mapping("{}", kNowhere);
  renormalize();
  EXPECT_EQ(exported(), before) << "e-mail and name, which stood beside the ticket, are kept";
}

TEST_F(Renormalize, KilledGoesOn) {
  serve(1500);
  write_mapping("{}", base_url());
  sync();
  write_mapping(kTitled, kNowhere);
  for (int delay = 20; delay < 400; delay += 40) {
    const auto child = start({"renormalize", "acme", "--quiet"});
    if (!child->ends_within(std::chrono::milliseconds(delay))) child->send(SIGKILL);
    child->wait();
  }
  renormalize();
  const auto again = renormalize();
  EXPECT_EQ(number(*again, "items"), 0);
  write_mapping("{}", kNowhere);
  const auto back = renormalize();
  EXPECT_EQ(number(*back, "rejected"), 0);
}

TEST_F(Renormalize, RefusesWhereNothingIsKept) {
  serve(20);
  write_mapping("{}", base_url(), false);
  sync();
  const Finished refused = run({"renormalize", "acme"});
  EXPECT_EQ(refused.exit_code, kUsage);
  EXPECT_THAT(refused.err, HasSubstr("store_raw: true"));
}

TEST_F(Renormalize, MistakesInAMappingAreToldByLine) {
  serve(1);
  write_mapping("{ticket: {titel: /subject}, tikcet: {title: /subject}}", base_url());
  const Finished refused = run({"renormalize", "acme"});
  EXPECT_EQ(refused.exit_code, kUsage);
  EXPECT_THAT(refused.err, HasSubstr("earshot.yaml:11: integrations.acme.mapping.ticket.titel: is "
                                     "no field of a record; did you mean \"title\"?"));
  EXPECT_THAT(refused.err, HasSubstr("integrations.acme.mapping.tikcet: is no record of plugin "
                                     "'zendesk'; did you mean 'ticket'?"));
}

}  // namespace
}  // namespace earshot::scenario
