#include <optional>
#include <thread>
#include <utility>

#include <earshot/core/json/writer.hpp>
#include <earshot/core/plugin/call.hpp>
#include <earshot/core/runtime/thread_pool.hpp>
#include <earshot/core/sync/engine.hpp>
#include <earshot/sdk/text.hpp>

#include "account_loops.hpp"
#include "preparation.hpp"
#include "prepared.hpp"
#include "run.hpp"
#include "tickets.hpp"

namespace earshot::core {

namespace {

constexpr std::size_t kPluginStack = 256U << 10;
constexpr std::size_t kParserStack = 256U << 10;
constexpr std::size_t kLoaderStack = 1U << 20;
constexpr std::size_t kLoaders = 4;

using State = std::map<std::string, std::string>;
using PreparedPtr = std::shared_ptr<Prepared>;
using Ready = Result<PreparedPtr>;

/// What was reported before, as the plugin reads it: a JSON object.
std::shared_ptr<const JsonDocument> state_document(const State& state) {
  JsonWriter out;
  out.begin_object();
  for (const auto& [key, value] : state) out.member(key, value);
  out.end_object();
  Result<std::unique_ptr<JsonDocument>> document = JsonDocument::parse(out.take());
  return document ? *std::move(document) : nullptr;
}

ear_rc ask_account(const ear_plugin& table, ear_instance* instance, ear_call* call) {
  return table.authenticate(instance, call);
}

}  // namespace

class Engine::Impl {
 public:
  explicit Impl(EngineOptions options)
      : options_(std::move(options)),
        loops_(options_),
        loaders_("loader", kLoaders, kLoaderStack),
        parsers_("parser", std::thread::hardware_concurrency(), kParserStack),
        plugin_threads_("plugin", options_.plugin_threads, kPluginStack),
        preparation_(options_, loops_, {loaders_, plugin_threads_, parsers_}) {}

  /// Begins an operation: `go` on the account's loop, with a ticket that lasts as long as it.
  template <typename Go>
  void begin(IntegrationSettings&& settings, const PluginFile& plugin, bool dry, Go go) {
    const TicketPtr issued = tickets_->issue();
    preparation_.prepare(std::move(settings), plugin, dry, issued,
                         [this, ticket = issued, go = std::move(go)](Ready ready) mutable {
                           if (ready && tickets_->stopping()) {
                             ready =
                                 Error{.code = Code::cancelled, .message = "the host is stopping"};
                           }
                           go(ticket, std::move(ready));
                         });
  }

  /// A run. Where it is not known yet whose credentials these are, it begins by asking: the runs of
  /// one account share its budgets.
  void sync(const TicketPtr& ticket, const PreparedPtr& prepared, const RunOptions& options,
            Callback<void(RunSummary)> done) {
    const bool closed = options.hours && !options.hours->contain(prepared->loop->clock().now());
    if (!options_.find_accounts || closed || prepared->state.contains(kAccountId))
      return run(ticket, prepared, options, {}, std::move(done));
    start_call(
        ticket, prepared, &ask_account,
        [this, ticket, prepared, options, done = std::move(done)](CallOutcome outcome) mutable {
          const Code code = outcome.error.code;
          if (code != Code::ok && code != Code::unsupported)
            return run(ticket, prepared, options, std::move(outcome.error), std::move(done));
          keep_reports(
              ticket, prepared, std::move(outcome.reports),
              [this, ticket, prepared, options, done = std::move(done)](Result<void> kept) mutable {
                run(ticket, prepared, options, kept ? std::nullopt : std::optional(kept.error()),
                    std::move(done));
              });
        });
  }

  void run(const TicketPtr& ticket, PreparedPtr prepared, const RunOptions& options,
           std::optional<Error> failure, Callback<void(RunSummary)> done) {
    auto secrets = std::make_shared<VaultSink>(*prepared, *options_.store, *options_.vault, ticket);
    Run::Services services{*options_.store, *options_.log,     plugin_threads_,    secrets.get(),
                           options_.trace,  options_.progress, options_.fetch_time};
    Loop* loop = prepared->loop;
    auto fetch =
        std::make_shared<Run>(services, std::move(prepared), options,
                              [secrets, ticket, done = std::move(done)](
                                  RunSummary summary) mutable { done(std::move(summary)); });
    ticket->on_stop([loop, weak = std::weak_ptr(fetch)] {
      loop->post([weak] {
        if (const auto alive = weak.lock()) alive->stop();
      });
    });
    failure ? fetch->start_failed(*std::move(failure)) : fetch->start();
  }

  /// One plugin operation outside a run, with what the plugin reported, which is kept before
  /// `done`, and the number of requests it took.
  void call(const TicketPtr& ticket, const PreparedPtr& prepared, PluginCall::Operation operation,
            Callback<void(Result<State>, std::uint64_t)> done) {
    start_call(ticket, prepared, std::move(operation),
               [this, ticket, prepared, done = std::move(done)](CallOutcome outcome) mutable {
                 const std::uint64_t requests = prepared->client->counts().requests;
                 if (outcome.error.code != Code::ok) {
                   if (options_.store != nullptr) save_budgets(*options_.store, *prepared);
                   return done(std::move(outcome.error), requests);
                 }
                 if (options_.store == nullptr) return done(std::move(outcome.reports), requests);
                 keep_reports(ticket, prepared, outcome.reports,
                              [reports = outcome.reports, requests,
                               done = std::move(done)](Result<void> kept) mutable {
                                if (!kept) return done(kept.error(), requests);
                                done(std::move(reports), requests);
                              });
               });
  }

  void stop() { tickets_->stop(); }
  void wait_until_idle() { tickets_->wait_until_none(); }

 private:
  void start_call(const TicketPtr& ticket, const PreparedPtr& prepared,
                  PluginCall::Operation operation, PluginCall::Done done) {
    auto secrets =
        options_.store == nullptr
            ? nullptr
            : std::make_shared<VaultSink>(*prepared, *options_.store, *options_.vault, ticket);
    CallContext context{.plugin = prepared->plugin,
                        .integration = prepared->settings.name,
                        .loop = prepared->loop,
                        .log = options_.log,
                        .client = prepared->client.get(),
                        .sink = nullptr,
                        .secrets = secrets.get(),
                        .config = prepared->config,
                        .time_limit = options_.call_time};
    auto started =
        PluginCall::start(std::move(context), plugin_threads_, std::move(operation),
                          [secrets, done = std::move(done)](CallOutcome outcome) mutable {
                            done(std::move(outcome));
                          });
    ticket->on_stop([loop = prepared->loop, weak = std::weak_ptr(started)] {
      loop->post([weak] {
        if (const auto alive = weak.lock()) alive->stop(Code::cancelled);
      });
    });
  }

  /// Stores what the plugin reported and what it spent, on the loop of the account that it named.
  void keep_reports(const TicketPtr& ticket, const PreparedPtr& prepared, State reports,
                    Callback<void(Result<void>)> done) {
    auto moved = [this, ticket, done = std::move(done)](Ready ready) mutable {
      if (!ready) return done(ready.error());
      if (!(*ready)->dry) save_budgets(*options_.store, **ready);
      done({});
    };
    if (prepared->dry) return preparation_.report(prepared, reports, std::move(moved));
    State stored = reports;
    options_.store->put_state(
        prepared->id, std::move(stored),
        on_loop<void>(*prepared->loop, [this, prepared, reports = std::move(reports),
                                        moved = std::move(moved)](Result<void> kept) mutable {
          if (!kept) return moved(kept.error());
          preparation_.report(prepared, reports, std::move(moved));
        }));
  }

  // Other threads end before the loops that they call.
  const EngineOptions options_;
  const std::shared_ptr<Tickets> tickets_ = std::make_shared<Tickets>();
  AccountLoops loops_;
  ThreadPool loaders_;
  ThreadPool parsers_;
  ThreadPool plugin_threads_;
  Preparation preparation_;
};

Engine::Engine(EngineOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}

Engine::~Engine() {
  impl_->stop();
  impl_->wait_until_idle();
}

void Engine::stop() {
  impl_->stop();
}

void Engine::sync(IntegrationSettings settings, const PluginFile& plugin, RunOptions options,
                  Callback<void(RunSummary)> done) {
  RunSummary failed;
  failed.integration_name = settings.name;
  failed.plugin = settings.plugin;
  const bool dry = options.dry_run;
  impl_->begin(std::move(settings), plugin, dry,
               [impl = impl_.get(), options = std::move(options), failed, done = std::move(done)](
                   const TicketPtr& ticket, Ready ready) mutable {
                 if (ready) return impl->sync(ticket, *std::move(ready), options, std::move(done));
                 failed.outcome = ready.error().code == Code::cancelled ? RunOutcome::cancelled
                                                                        : RunOutcome::failed;
                 failed.error_code = to_string(ready.error().code);
                 failed.error = ready.error().message;
                 done(std::move(failed));
               });
}

void Engine::authenticate(IntegrationSettings settings, const PluginFile& plugin,
                          Callback<void(Result<AccountReport>)> done) {
  impl_->begin(
      std::move(settings), plugin, false,
      [impl = impl_.get(), done = std::move(done)](const TicketPtr& ticket, Ready ready) mutable {
        if (!ready) return done(ready.error());
        impl->call(
            ticket, *std::move(ready), &ask_account,
            [done = std::move(done)](Result<State> reports, std::uint64_t requests) mutable {
              if (!reports) return done(reports.error());
              AccountReport report{.id = (*reports)[kAccountId],
                                   .name = (*reports)["account_name"],
                                   .requests = requests};
              if (!report.id.empty()) return done(std::move(report));
              done(Error{.code = Code::misuse,
                         .message = "the plugin's authenticate reported no account_id (AUTH-1)"});
            });
      });
}

void Engine::register_webhook(IntegrationSettings settings, const PluginFile& plugin,
                              std::string url, Callback<void(Result<WebhookReport>)> done) {
  impl_->begin(
      std::move(settings), plugin, false,
      [impl = impl_.get(), url = std::move(url), done = std::move(done)](const TicketPtr& ticket,
                                                                         Ready ready) mutable {
        if (!ready) return done(ready.error());
        auto operation = [state = state_document((*ready)->state), url = std::move(url)](
                             const ear_plugin& table, ear_instance* instance, ear_call* call) {
          const ear_webhook webhook{.size = sizeof(ear_webhook),
                                    .reserved = 0,
                                    .url = sdk::borrow(url),
                                    .state = PluginCall::of(call).hold({}, state)};
          return table.register_webhook(instance, call, &webhook);
        };
        impl->call(
            ticket, *std::move(ready), std::move(operation),
            [done = std::move(done)](Result<State> reports, std::uint64_t /*requests*/) mutable {
              if (!reports) return done(reports.error());
              done(WebhookReport{.hook_id = (*reports)["hook_id"], .manual = (*reports)["manual"]});
            });
      });
}

}  // namespace earshot::core
