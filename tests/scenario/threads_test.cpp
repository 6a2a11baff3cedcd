/// Which threads of the real program do what.

#include <set>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <earshot/core/base/text.hpp>

#include "preload.hpp"
#include "scenario.hpp"

namespace earshot::scenario {
namespace {

class Tls : public Scenario {};

TEST_F(Tls, IsNeverOnAPluginsThread) {
  const std::string certificate = serve_tls(250);
  write_config({.http = fmt::format("{{tls: {{ca_file: '{}'}}}}", certificate)});
  const Finished done =
      Child(folder(), with_tls_logged(folder() / "tls", command({"sync", "acme", "--quiet"})))
          .wait();
  EXPECT_EQ(done.exit_code, 0) << done.err;
  const std::string log = content("tls");
  std::set<std::string> calls;
  for (const std::string_view line : core::split(core::trim(log), '\n')) {
    const std::size_t space = line.find(' ');
    calls.emplace(line.substr(0, space));
    EXPECT_TRUE(line.substr(space + 1).starts_with("loop-")) << line;
  }
  EXPECT_EQ(calls, (std::set<std::string>{"connect", "read", "write"}));
}

}  // namespace
}  // namespace earshot::scenario
