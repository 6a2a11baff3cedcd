/// What crossing the ABI costs: a loaded plugin's calls of the host, and the host's of the plugin,
/// beside a direct call.
///
///   abi_bench PLUGIN [options of Google Benchmark]

#include <cstdio>
#include <cstdlib>
#include <future>
#include <memory>

#include <benchmark/benchmark.h>

#include <earshot/core/base/clock.hpp>
#include <earshot/core/plugin/call.hpp>
#include <earshot/core/runtime/thread_pool.hpp>

namespace earshot::core {
namespace {

constexpr std::size_t kStack = std::size_t{1} << 20;
constexpr std::string_view kTicket =
    R"({"id":35436,"subject":"The export stops","via":{"channel":"email"},"tags":["a","b"]})";

template <typename T>
T needed(Result<T> result) {
  if (result) return *std::move(result);
  std::fprintf(stderr, "abi_bench: %s\n", result.error().message.c_str());
  std::exit(1);
}

template <typename Body>
void add(const char* name, Body body) {
  benchmark::RegisterBenchmark(name, [body](benchmark::State& state) {
    for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(body());
  });
}

/// Runs on the plugin's thread, with the plugin's handle.
ear_rc measure(const ear_plugin& plugin, ear_call* call, const Clock& clock) {
  const ear_host* const host = &host_table();
  const ear_json& json = *host->json;
  const ear_value root = json.root(call, host->config(call));
  const ear_value subject = json.at(call, root, {"/subject", 8});
  add("plugin_to_host_stopping", [=] { return host->stopping(call); });
  add("plugin_to_host_now", [=] { return host->now(call); });
  add("direct_now", [&clock] { return clock.now(); });
  add("plugin_to_host_json_text", [=, &json] { return json.text(call, subject).size; });
  add("plugin_to_host_json_at", [=, &json] { return json.at(call, root, {"/via/channel", 12}); });
  add("host_to_plugin_source_name", [&plugin] { return plugin.source_name().size; });
  benchmark::RunSpecifiedBenchmarks();
  return EAR_OK;
}

void run(const char* file) {
  PluginLoader loader(host_table(), {});
  const PluginFile inspected = needed(inspect_plugin(file));
  SystemClock clock;
  Log log({});
  ThreadPool pool("plugins", 1, kStack);
  Loop loop(clock, "loop");
  CallContext context{.plugin = needed(loader.load(inspected)),
                      .integration = "bench",
                      .loop = &loop,
                      .log = &log,
                      .config = needed(JsonDocument::parse(std::string(kTicket)))};
  std::promise<void> done;
  loop.post([&] {
    PluginCall::start(
        std::move(context), pool,
        [&clock](const ear_plugin& plugin, ear_instance*, ear_call* call) {
          return measure(plugin, call, clock);
        },
        [&done](const CallOutcome&) { done.set_value(); });
  });
  done.get_future().wait();
}

}  // namespace
}  // namespace earshot::core

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: abi_bench PLUGIN [options of Google Benchmark]\n");
    return 2;
  }
  benchmark::Initialize(&argc, argv);
  earshot::core::run(argv[1]);
}
