/// earshot-sandbox: the simulated products over real HTTP, until it is told to stop.

#include <chrono>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <earshot/core/base/clock.hpp>
#include <earshot/core/base/time.hpp>

#include "sandbox/sandbox.hpp"

namespace earshot::sandbox {
namespace {

struct Arguments {
  SandboxOptions options;
  std::string limits = "on";
  std::string now;
  std::int64_t clock_offset = 0;
  std::int64_t token_life = 0;
  std::vector<std::string> faults;
  bool with_parent = false;
};

void declare(CLI::App& app, Arguments& arguments) {
  SandboxOptions& options = arguments.options;
  ProductSetup& setup = options.setup;
  app.add_option("--items", setup.items, "Items in each account")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{5'000'000}))
      ->capture_default_str();
  app.add_option("--seed", setup.seed, "Same seed, same accounts")->capture_default_str();
  app.add_option("--port", options.port, "Port of the first product, 0 for free ones")
      ->capture_default_str();
  app.add_flag("--tls", options.tls, "Serve HTTPS with a certificate made now");
  app.add_flag("--gzip", options.gzip, "Compress answers for those who accept it");
  app.add_flag("--warm", options.warm, "Prepare every answer before being ready, for benches");
  app.add_option("--limits", arguments.limits, "Rate limits")
      ->check(CLI::IsMember({"on", "off"}))
      ->capture_default_str();
  app.add_option("--page-cap", setup.page_cap, "Most items on a page, 0 for the product's most")
      ->capture_default_str();
  app.add_option("--now", arguments.now, "When the accounts stand, such as 2026-03-02T10:00:00Z");
  app.add_option("--clock-offset", arguments.clock_offset, "Seconds the products' clock is ahead");
  app.add_option("--token-life", arguments.token_life, "Seconds that OAuth tokens live")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--fault", arguments.faults,
                 "Misbehave, such as rate_limit,on=/api/v2/incremental/*,times=2,retry_after=1");
  app.add_flag("--with-parent", arguments.with_parent, "End when the parent process does");
  app.footer("Example: earshot-sandbox --items 500 --seed 1 --limits off");
}

/// Turns texts into values.
core::Result<void> resolve(Arguments& arguments, const core::Clock& clock) {
  SandboxOptions& options = arguments.options;
  options.setup.limits = arguments.limits == "on";
  options.setup.token_life = std::chrono::seconds(arguments.token_life);
  options.setup.now = clock.now();
  if (!arguments.now.empty()) {
    EAR_TRY(options.setup.now, core::parse_time_option(arguments.now, clock.now()));
  }
  options.shift = options.setup.now - clock.now() + std::chrono::seconds(arguments.clock_offset);
  for (const std::string& text : arguments.faults) {
    EAR_TRY(Fault fault, parse_fault(std::string_view(text)));
    options.faults.push_back(std::move(fault));
  }
  return {};
}

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
  return set;
}

/// Returns when a signal says stop, or when the parent is another one than at the start. Asking for
/// the parent instead of a death signal: that one comes when the thread ends that started us.
void wait_for_end(const sigset_t& stop, bool with_parent, pid_t parent) {
  constexpr timespec kLook{.tv_sec = 0, .tv_nsec = 200'000'000};
  while (sigtimedwait(&stop, nullptr, &kLook) < 0) {
    if (with_parent && getppid() != parent) return;
  }
}

int fail(int code, const core::Error& error) {
  fmt::print(stderr, "earshot-sandbox: {}\n", error.message);
  return code;
}

int run(int argc, char** argv) {
  const pid_t parent = getppid();
  CLI::App app("Simulated products over real HTTP, for tests, demos and plugin authors");
  Arguments arguments;
  declare(app, arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }

  const core::SystemClock clock;
  if (const auto resolved = resolve(arguments, clock); !resolved) {
    return fail(2, resolved.error());
  }
  const sigset_t stop = stop_signals();
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);  // before the servers' threads, which inherit it
  const auto sandbox = Sandbox::start(arguments.options, clock);
  if (!sandbox) return fail(1, sandbox.error());
  fmt::print("{}\n", sandbox.value()->ready_line());
  std::fflush(stdout);
  wait_for_end(stop, arguments.with_parent, parent);
  return 0;
}

}  // namespace
}  // namespace earshot::sandbox

int main(int argc, char** argv) {
  return earshot::sandbox::run(argc, argv);
}
