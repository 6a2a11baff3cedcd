/// The plugin's own code on its cassettes, without a network. Any test framework will do.

#include <filesystem>
#include <iostream>
#include <string_view>

#include <earshot/sdk/testing.hpp>

namespace {

using earshot::sdk::Code;
using earshot::sdk::testing::FakeHost, earshot::sdk::testing::Outcome;

int failures = 0;

void check(bool holds, std::string_view what) {
  if (holds) return;
  std::cerr << "not so: " << what << '\n';
  ++failures;
}

}  // namespace

int main(int /*argc*/, char** argv) {
  const std::filesystem::path cassettes(argv[1]);
  FakeHost host;
  host.config(R"({"team": "acme"})");

  const Outcome account = host.play(cassettes / "authenticate.har").authenticate();
  check(account.code == Code::ok, "the token is good");
  check(account.reports.at("account_id") == "71", "the account is the team's id");

  const Outcome first = host.play(cassettes / "first_run.har").fetch();
  check(first.code == Code::ok, "the first run completes");
  check(first.items.size() == 4, "the first run emits four notes");
  check(first.unused.empty(), "the first run asks for every page");

  const Outcome second = host.play(cassettes / "second_run.har").fetch();
  check(second.requests.size() == 1, "the second run asks once");
  check(second.requests.at(0).target == "/v1/notes?after=104&limit=100",
        "the second run goes on behind the first");
  check(host.cursors().at("") == "106", "the second run ends behind the last note");

  const Outcome refused = host.play(cassettes / "auth_fail.har").authenticate();
  check(refused.code == Code::auth, "an unknown token is refused");
  return failures == 0 ? 0 : 1;
}
