#pragma once

/// Speaking to one account of one product as its manifest declares: hosts, credentials, limits,
/// error rules, retries and links in one place, so that a plugin needs none of it.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <earshot/core/base/callback.hpp>
#include <earshot/core/base/result.hpp>
#include <earshot/core/base/secret.hpp>
#include <earshot/core/http/transport.hpp>
#include <earshot/core/json/document.hpp>
#include <earshot/core/manifest/manifest.hpp>
#include <earshot/core/observe/log.hpp>
#include <earshot/core/product/answer_shelf.hpp>
#include <earshot/core/product/token_keeper.hpp>
#include <earshot/core/runtime/loop.hpp>
#include <earshot/core/runtime/thread_pool.hpp>
#include <earshot/core/traffic/limiter.hpp>
#include <earshot/core/traffic/retry.hpp>

namespace earshot::core {

/// What is configured about an account, beside its manifest.
struct ProductAccount {
  std::string integration{};                    ///< For logs and messages.
  const Manifest* manifest = nullptr;           ///< Outlives the client.
  std::map<std::string, std::string> config{};  ///< Non-secret members as text, defaults filled in.
  std::map<std::string, Secret> credentials{};
  std::shared_ptr<TokenKeeper> tokens{};  ///< Needed where a refresh token is to be used.
  std::string base_url{};  ///< Replaces the authority of every endpoint; empty: none.
  HttpTimeouts timeouts{};
  RetryPolicy retry{};
  Micros longest_wait = std::chrono::seconds(60);  ///< A longer wait for quota is Code::yielded.
  Micros longest_wait_in_crowd = std::chrono::seconds(5);  ///< The same while `crowded`.
  std::function<bool()> crowded{};  ///< True while others queue for the thread that waits; empty:
                                    ///< never. [thread-safe]
};

/// Expands a template: "{member}" of config or credentials, "{endpoint}" of endpoints,
/// "{secret/member}". not_found names what is missing.
[[nodiscard]] Result<Secret> expand_template(std::string_view text, const ProductAccount& account);

/// The declared endpoint of that name as this account has it: checked, under base_url where there
/// is one. config names the member that is wrong.
[[nodiscard]] Result<Url> endpoint_url(std::string_view name, const ProductAccount& account);

/// The alternative whose required members are all there; the first that is. config, listing the
/// alternatives and what each lacks, where none is; nullptr where the manifest declares none.
[[nodiscard]] Result<const AuthAlternative*> choose_auth(const ProductAccount& account);

struct ProductRequest {
  std::string method = "GET";
  std::string endpoint = "api";
  std::string path{};  ///< Path and query encoded, or an absolute URL on a declared host.
  HttpHeaders headers{};
  std::string body{};
  enum class Safety { by_method, read, idempotent, unsafe } safety = Safety::by_method;
  std::string bucket_key{};
  std::string idempotency_key{};
  std::uint32_t cost = 1;
  bool authorize = true;
  bool expect_json = true;
  std::optional<Micros> total_timeout{};
  std::string
      link{};  ///< A name under the manifest's links; `path` is then the absolute URL found there.
};

/// A final answer, judged by the manifest's error rules.
struct ProductAnswer {
  HttpResponse response;
  std::shared_ptr<const JsonDocument> json;  ///< The body parsed, once; empty where it is no JSON.
  ErrorRule::Class outcome = ErrorRule::Class::ok;
  /// Where `outcome` is neither ok nor empty: code, the product's message, status, retry_after;
  /// else Code::ok.
  Error error{.code = Code::ok, .message = {}};
  std::uint32_t attempts = 0;
  Micros waited{0};
};

/// Counts over the client's life, for runs and status.
struct TrafficCounts {
  std::uint64_t requests = 0;
  std::uint64_t throttled = 0;  ///< Answers that refused for rate.
  std::uint64_t retries = 0;
  std::uint64_t bytes = 0;              ///< Of bodies, decompressed.
  std::uint64_t cache_hits = 0;         ///< Answered without a request of their own.
  std::uint64_t cache_misses = 0;       ///< Asked for because nothing good was kept.
  std::uint64_t cache_revalidated = 0;  ///< Kept, and confirmed by the product.
  Micros waited{0};
  std::optional<Time> quota_at{};  ///< After Code::yielded: when there is quota again.
};

/// A request that is not sent yet, and why.
struct TrafficWait {
  enum class Reason { quota, refused, retry };
  Reason reason = Reason::quota;
  std::string why{};  ///< quota: "account: 400 per 1 min", or empty. retry: the failure.
  Tick until{};
};

/// [one thread at a time] of its loop; calls back on it, never inside `send`. It may be made and,
/// without operations under way, destroyed elsewhere.
class ProductClient {
 public:
  /// `limiter` is the account's, shared by every client of the account on this loop. Bodies over 1
  /// MiB are parsed on `parsers`, so that the loop goes on; null: on the loop. All that is given
  /// outlives the client; the loop, the log and the manifest outlive the parsers too.
  ProductClient(Loop& loop, Transport& transport, RateLimiter& limiter, Log& log,
                ProductAccount account, std::uint64_t seed, ThreadPool* parsers = nullptr);
  ~ProductClient();

  /// A request under way, which does not outlive the client; destroying it cancels it, and its
  /// callback then is never called. It may be destroyed in its callback.
  class Operation {
   public:
    virtual ~Operation() = default;
  };
  /// Error: no answer at all (network, config, yielded, limit, misuse). What the product answered
  /// is a ProductAnswer.
  using Done = Callback<void(Result<ProductAnswer>)>;
  [[nodiscard]] std::unique_ptr<Operation> send(ProductRequest request, Done done);

  [[nodiscard]] const TrafficCounts& counts() const noexcept;
  /// Answers that the manifest's cache rules match are kept there from now on, and found there.
  void use_shelf(std::shared_ptr<AnswerShelf> shelf);
  /// An observer for tests and traces: called on the loop when a request is handed to the
  /// transport.
  void on_send(std::function<void(const HttpRequest&)> observer);
  /// Of the requests that wait, the one that is sent first.
  [[nodiscard]] std::optional<TrafficWait> waiting() const;
  /// An observer: called on the loop when a request begins to wait.
  void on_wait(std::function<void()> observer);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace earshot::core
