#include <condition_variable>
#include <future>
#include <mutex>
#include <utility>

#include <fmt/format.h>

#include <earshot/core/json/writer.hpp>
#include <earshot/core/plugin/call.hpp>
#include <earshot/core/runtime/thread_pool.hpp>
#include <earshot/core/sync/engine.hpp>
#include <earshot/sdk/text.hpp>

#include "accounts.hpp"
#include "prepared.hpp"
#include "run.hpp"

namespace earshot::core {

namespace {

constexpr std::size_t kPluginStack = 256U << 10;
constexpr const char* kAccountId = "account_id";

using State = std::map<std::string, std::string>;
using Prepare = Result<std::shared_ptr<Prepared>>;

/// What was reported before, as the plugin reads it: a JSON object.
std::shared_ptr<const JsonDocument> state_document(const State& state) {
  JsonWriter out;
  out.begin_object();
  for (const auto& [key, value] : state) out.member(key, value);
  out.end_object();
  Result<std::unique_ptr<JsonDocument>> document = JsonDocument::parse(out.take());
  return document ? *std::move(document) : nullptr;
}

Error cancelled() {
  return {.code = Code::cancelled, .message = "the host is stopping"};
}

}  // namespace

class Engine::Impl {
 public:
  using Ready = Callback<void(Prepare)>;
  /// One operation from its start to the return of its `done`: what a destructor waits for and
  /// `stop` reaches.
  class Ticket {
   public:
    explicit Ticket(std::shared_ptr<Impl> impl) : impl_(std::move(impl)), number_(impl_->enter()) {}
    ~Ticket() { impl_->leave(number_); }
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;
    /// How to stop it from now on.
    void on_stop(std::function<void()> stop) { impl_->stoppable(number_, std::move(stop)); }

   private:
    std::shared_ptr<Impl> impl_;
    std::uint64_t number_;
  };
  using TicketPtr = std::shared_ptr<Ticket>;

  explicit Impl(EngineOptions options)
      : options_(std::move(options)),
        plugin_threads_(
            std::make_unique<ThreadPool>("plugin", options_.plugin_threads, kPluginStack)) {
    if (!options_.transport) {
      options_.transport = [](Loop& loop,
                              const HttpClientOptions& http) -> std::unique_ptr<Transport> {
        return std::make_unique<HttpClient>(loop, http);
      };
    }
    for (std::size_t i = 0; i < std::max<std::size_t>(options_.loops, 1); ++i) {
      loops_.push_back(std::make_unique<Loop>(*options_.clock, fmt::format("loop-{}", i)));
      accounts_.push_back(
          std::make_unique<LoopAccounts>(*loops_.back(), options_.http, options_.transport));
    }
  }

  /// Loads the plugin, finds the integration's id, secrets and account, and ends on the account's
  /// loop.
  void prepare(IntegrationSettings settings, const PluginFile& plugin, Ready ready) {
    auto prepared = std::make_shared<Prepared>();
    prepared->settings = std::move(settings);
    loops_.front()->post([this, prepared, plugin, ready = std::move(ready)]() mutable {
      Result<const LoadedPlugin*> loaded = options_.loader->load(plugin);
      if (!loaded) return ready(loaded.error());
      prepared->plugin = *loaded;
      if (Result<void> compiled = compile_mappings(*prepared); !compiled)
        return ready(compiled.error());
      if (options_.store == nullptr) return find_account(std::move(prepared), std::move(ready));
      find_id(std::move(prepared), std::move(ready));
    });
  }

  void sync(const TicketPtr& ticket, std::shared_ptr<Prepared> prepared, RunOptions options,
            Callback<void(RunSummary)> done) {
    auto secrets = std::make_shared<VaultSink>(*prepared, *options_.store, *options_.vault, ticket);
    Run::Services services{*options_.store, *options_.log, *plugin_threads_, secrets.get(),
                           options_.trace};
    Loop* loop = prepared->loop;
    auto run = std::make_shared<Run>(services, std::move(prepared), options,
                                     [secrets, ticket, done = std::move(done)](
                                         RunSummary summary) mutable { done(std::move(summary)); });
    ticket->on_stop([loop, weak = std::weak_ptr(run)] {
      loop->post([weak] {
        if (const auto alive = weak.lock()) alive->stop();
      });
    });
    run->start();
  }

  /// One plugin operation outside a run.
  void call(const TicketPtr& ticket, std::shared_ptr<Prepared> prepared,
            PluginCall::Operation operation, Callback<void(CallOutcome)> done) {
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
                        .config = prepared->settings.config};
    Loop* loop = prepared->loop;
    auto started =
        PluginCall::start(std::move(context), *plugin_threads_, std::move(operation),
                          [ticket, secrets, prepared, done = std::move(done)](
                              CallOutcome outcome) mutable { done(std::move(outcome)); });
    ticket->on_stop([loop, weak = std::weak_ptr(started)] {
      loop->post([weak] {
        if (const auto alive = weak.lock()) alive->stop(Code::cancelled);
      });
    });
  }

  /// As `call`, and what the plugin reported is remembered before `done`.
  void call_and_keep(const TicketPtr& ticket, std::shared_ptr<Prepared> prepared,
                     PluginCall::Operation operation,
                     Callback<void(Result<State>, const Prepared&)> done) {
    call(ticket, prepared, std::move(operation),
         [this, ticket, prepared, done = std::move(done)](CallOutcome outcome) mutable {
           if (outcome.error.code != Code::ok) return done(std::move(outcome.error), *prepared);
           if (options_.store == nullptr) return done(std::move(outcome.reports), *prepared);
           State reports = outcome.reports;
           options_.store->put_state(
               prepared->id, std::move(reports),
               on<void>(*prepared->loop, [ticket, prepared, reports = std::move(outcome.reports),
                                          done = std::move(done)](Result<void> kept) mutable {
                 if (!kept) return done(kept.error(), *prepared);
                 done(std::move(reports), *prepared);
               }));
         });
  }

  void stop() {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const auto& [number, stop] : running_) {
      if (stop) stop();
    }
  }

  void wait_until_idle() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return running_.empty(); });
  }

  /// Joins the plugin threads, then the loops, while everything they call is still there.
  void join() {
    plugin_threads_.reset();
    for (std::size_t i = 0; i < loops_.size(); ++i) {
      std::promise<void> gone;
      loops_[i]->post([&] {
        accounts_[i].reset();
        gone.set_value();
      });
      gone.get_future().wait();
    }
    loops_.clear();
  }

  [[nodiscard]] bool stopping() {
    const std::lock_guard lock(mutex_);
    return stopping_;
  }

  template <typename T>
  static Callback<void(Result<T>)> on(Loop& loop, Callback<void(Result<T>)> body) {
    return [&loop, body = std::move(body)](Result<T> result) mutable {
      loop.post([result = std::move(result), body = std::move(body)]() mutable {
        body(std::move(result));
      });
    };
  }

 private:
  void find_id(std::shared_ptr<Prepared> prepared, Ready ready) {
    const std::string name = prepared->settings.name;
    const std::string plugin = prepared->settings.plugin;
    options_.store->ensure_integration(
        name, plugin,
        on<IntegrationId>(*loops_.front(),
                          [this, prepared = std::move(prepared),
                           ready = std::move(ready)](Result<IntegrationId> id) mutable {
                            if (!id) return ready(id.error());
                            prepared->id = *id;
                            find_secrets(std::move(prepared), std::move(ready));
                          }));
  }

  void find_secrets(std::shared_ptr<Prepared> prepared, Ready ready) {
    const IntegrationId id = prepared->id;
    options_.store->secrets(
        id, on<std::vector<SealedSecret>>(
                *loops_.front(), [this, prepared = std::move(prepared), ready = std::move(ready)](
                                     Result<std::vector<SealedSecret>> sealed) mutable {
                  if (!sealed) return ready(sealed.error());
                  for (const SealedSecret& one : *sealed) {
                    if (prepared->settings.credentials.contains(one.name)) continue;
                    Result<Secret> secret =
                        options_.vault->unseal(prepared->id, one.name, one.sealed);
                    if (!secret) return ready(secret.error());
                    prepared->settings.credentials.emplace(one.name, *std::move(secret));
                  }
                  find_state(std::move(prepared), std::move(ready));
                }));
  }

  void find_state(std::shared_ptr<Prepared> prepared, Ready ready) {
    const IntegrationId id = prepared->id;
    options_.store->state(
        id, on<State>(*loops_.front(), [this, prepared = std::move(prepared),
                                        ready = std::move(ready)](Result<State> state) mutable {
          if (!state) return ready(state.error());
          prepared->state = *std::move(state);
          find_account(std::move(prepared), std::move(ready));
        }));
  }

  void find_account(std::shared_ptr<Prepared> prepared, Ready ready) {
    const auto known = prepared->state.find(kAccountId);
    const std::string key =
        prepared->settings.plugin + "/" +
        (known == prepared->state.end() ? "integration:" + prepared->settings.name : known->second);
    const std::size_t index = std::hash<std::string>{}(key) % loops_.size();
    Loop& loop = *loops_[index];
    LoopAccounts& accounts = *accounts_[index];
    prepared->loop = &loop;
    auto open = [this, &accounts, key, prepared,
                 ready = std::move(ready)](Result<std::string> saved) mutable {
      if (!saved) return ready(saved.error());
      prepared->account = accounts.make(
          key, effective_limits(prepared->plugin->file.manifest, prepared->settings), *saved);
      make_client(*prepared, accounts);
      if (stopping()) return ready(cancelled());
      ready(std::move(prepared));
    };
    if (options_.store == nullptr) {
      loop.post([open = std::move(open)]() mutable { open(std::string()); });
    } else {
      options_.store->budget(key, on<std::string>(loop, std::move(open)));
    }
  }

  void make_client(Prepared& prepared, LoopAccounts& accounts) {
    prepared.client = std::make_unique<ProductClient>(
        *prepared.loop, accounts.transport(prepared.settings.http), prepared.account->limiter,
        *options_.log, product_account(prepared.settings, prepared.plugin->file.manifest),
        options_.seed);
  }

  std::uint64_t enter() {
    const std::lock_guard lock(mutex_);
    running_.emplace(++last_ticket_, nullptr);
    return last_ticket_;
  }
  void stoppable(std::uint64_t number, std::function<void()> stop) {
    const std::lock_guard lock(mutex_);
    if (stopping_) stop();
    running_[number] = std::move(stop);
  }
  void leave(std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    running_.erase(number);
    changed_.notify_all();
  }

  EngineOptions options_;
  std::unique_ptr<ThreadPool> plugin_threads_;
  std::vector<std::unique_ptr<Loop>> loops_;
  std::vector<std::unique_ptr<LoopAccounts>> accounts_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::uint64_t, std::function<void()>> running_;
  std::uint64_t last_ticket_ = 0;
  bool stopping_ = false;
};

Engine::Engine(EngineOptions options) : impl_(std::make_shared<Impl>(std::move(options))) {}

Engine::~Engine() {
  impl_->stop();
  impl_->wait_until_idle();
  impl_->join();
}

void Engine::stop() {
  impl_->stop();
}

void Engine::sync(IntegrationSettings settings, const PluginFile& plugin, RunOptions options,
                  Callback<void(RunSummary)> done) {
  RunSummary failed;
  failed.integration_name = settings.name;
  failed.plugin = settings.plugin;
  auto ticket = std::make_shared<Impl::Ticket>(impl_);
  impl_->prepare(std::move(settings), plugin,
                 [impl = impl_.get(), ticket, options, failed,
                  done = std::move(done)](Prepare prepared) mutable {
                   if (prepared)
                     return impl->sync(ticket, *std::move(prepared), options, std::move(done));
                   failed.outcome = prepared.error().code == Code::cancelled ? RunOutcome::cancelled
                                                                             : RunOutcome::failed;
                   failed.error_code = to_string(prepared.error().code);
                   failed.error = prepared.error().message;
                   done(std::move(failed));
                 });
}

void Engine::authenticate(IntegrationSettings settings, const PluginFile& plugin,
                          Callback<void(Result<AccountReport>)> done) {
  auto ticket = std::make_shared<Impl::Ticket>(impl_);
  impl_->prepare(
      std::move(settings), plugin,
      [impl = impl_.get(), ticket, done = std::move(done)](Prepare ready) mutable {
        if (!ready) return done(ready.error());
        const auto operation = [](const ear_plugin& table, ear_instance* instance, ear_call* call) {
          return table.authenticate(instance, call);
        };
        impl->call_and_keep(
            ticket, *std::move(ready), operation,
            [done = std::move(done)](Result<State> reports, const Prepared& prepared) mutable {
              if (!reports) return done(reports.error());
              AccountReport report{.id = (*reports)[kAccountId],
                                   .name = (*reports)["account_name"],
                                   .requests = prepared.client->counts().requests};
              if (!report.id.empty()) return done(std::move(report));
              done(Error{.code = Code::misuse,
                         .message = "the plugin's authenticate reported no account_id"});
            });
      });
}

void Engine::register_webhook(IntegrationSettings settings, const PluginFile& plugin,
                              std::string url, Callback<void(Result<WebhookReport>)> done) {
  auto ticket = std::make_shared<Impl::Ticket>(impl_);
  impl_->prepare(
      std::move(settings), plugin,
      [impl = impl_.get(), ticket, url = std::move(url),
       done = std::move(done)](Prepare ready) mutable {
        if (!ready) return done(ready.error());
        auto operation = [state = state_document((*ready)->state), url = std::move(url)](
                             const ear_plugin& table, ear_instance* instance, ear_call* call) {
          const ear_webhook webhook{.size = sizeof(ear_webhook),
                                    .reserved = 0,
                                    .url = sdk::borrow(url),
                                    .state = PluginCall::of(call).hold({}, state)};
          return table.register_webhook(instance, call, &webhook);
        };
        impl->call_and_keep(
            ticket, *std::move(ready), std::move(operation),
            [done = std::move(done)](Result<State> reports, const Prepared&) mutable {
              if (!reports) return done(reports.error());
              done(WebhookReport{.hook_id = (*reports)["hook_id"], .manual = (*reports)["manual"]});
            });
      });
}

}  // namespace earshot::core
