#include "answer_cache.hpp"

#include <algorithm>
#include <utility>

#include <earshot/core/base/digest.hpp>
#include <earshot/core/base/text.hpp>

#include "host_name.hpp"

namespace earshot::core {
namespace {

constexpr std::size_t kLargestAnswer = 1U << 20;

/// Headers by which a plugin asks for something else than the whole, present answer.
constexpr const char* kOwnConditions[] = {"if-none-match", "if-modified-since", "if-match",
                                          "range"};

bool has_own_conditions(const HttpHeaders& headers) {
  return std::any_of(std::begin(kOwnConditions), std::end(kOwnConditions),
                     [&](const char* name) { return headers.has(name); });
}

bool may_be_kept(const ProductAnswer& answer) {
  const HttpResponse& response = answer.response;
  return answer.outcome == ErrorRule::Class::ok && answer.json && response.status >= 200 &&
         response.status < 300 && response.body.size() <= kLargestAnswer &&
         trim(response.headers.get("vary")) != "*" &&
         lower(response.headers.get("cache-control")).find("no-store") == std::string::npos;
}

/// Nothing where the body is no JSON.
std::optional<ProductAnswer> answer_from(const KeptAnswer& kept) {
  auto document = JsonDocument::parse(kept.body);
  if (!document) return std::nullopt;
  ProductAnswer answer;
  answer.response.status = 200;
  answer.response.headers.add("Content-Type", "application/json");
  if (!kept.etag.empty()) answer.response.headers.add("ETag", kept.etag);
  if (!kept.last_modified.empty()) {
    answer.response.headers.add("Last-Modified", kept.last_modified);
  }
  answer.response.body = kept.body;
  answer.json = std::move(*document);
  return answer;
}

}  // namespace

/// One answer that is being found, and who waits for it.
struct AnswerCache::Question {
  std::string key;
  ProductRequest request;
  const CacheRule* rule = nullptr;
  std::optional<KeptAnswer> stale{};
  std::unique_ptr<ProductClient::Operation> exchange{};
  std::map<std::uint64_t, ProductClient::Done> waiters{};
};

class AnswerCache::Waiter final : public ProductClient::Operation {
 public:
  Waiter(AnswerCache& cache, std::shared_ptr<Question> question, std::uint64_t number)
      : cache_(cache), question_(std::move(question)), number_(number) {}
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
  ~Waiter() override { cache_.leave(question_, number_); }

 private:
  AnswerCache& cache_;
  std::shared_ptr<Question> question_;
  std::uint64_t number_;
};

const CacheRule* AnswerCache::rule_for(const ProductRequest& request) const {
  const auto& rules = context_.account.manifest->cache;
  const bool plain = request.method == "GET" && request.link.empty() && request.expect_json;
  if (!shelf_ || rules.empty() || !plain || has_own_conditions(request.headers)) return nullptr;
  const Result<Target> target = context_.endpoints.target(request.endpoint, request.path);
  if (!target) return nullptr;
  const auto found = std::find_if(rules.begin(), rules.end(), [&](const CacheRule& rule) {
    return glob_match(rule.match, without_query(target->path));
  });
  return found == rules.end() ? nullptr : &*found;
}

/// A digest of all that an answer may depend on besides the integration.
std::string AnswerCache::key_of(const ProductRequest& request) const {
  std::string text = request.authorize ? "authorized\n" : "open\n";
  if (const auto target = context_.endpoints.target(request.endpoint, request.path)) {
    text += request.endpoint + '\n' + target->origin.text() + target->path + '\n';
  }
  std::map<std::string, std::string> headers;
  for (const auto& field : request.headers) headers[lower(field.first)] += field.second + '\n';
  for (const auto& [name, values] : headers) text += name + ": " + values;
  return sha256(text);
}

std::unique_ptr<ProductClient::Operation> AnswerCache::send(ProductRequest request,
                                                            const CacheRule& rule,
                                                            ProductClient::Done done) {
  const std::uint64_t number = ++last_waiter_;
  std::string key = key_of(request);
  std::shared_ptr<Question>& open = open_[key];
  const bool first = open == nullptr;
  if (first) {
    open = std::make_shared<Question>(
        Question{.key = std::move(key), .request = std::move(request), .rule = &rule});
  }
  const std::shared_ptr<Question> question = open;
  question->waiters.emplace(number, std::move(done));
  if (first) {
    shelf_->find(question->key,
                 [this, weak = std::weak_ptr(question)](std::optional<KeptAnswer> kept) {
                   if (const auto alive = weak.lock()) found(alive, std::move(kept));
                 });
  }
  return std::make_unique<Waiter>(*this, question, number);
}

void AnswerCache::found(const std::shared_ptr<Question>& question, std::optional<KeptAnswer> kept) {
  if (!kept) return ask(question);
  const Time now = calendar();
  if (kept->checked <= now && now - kept->checked < question->rule->ttl) {
    if (std::optional<ProductAnswer> answer = answer_from(*kept)) {
      context_.counts.cache_hits += question->waiters.size();
      return settle(question, *std::move(answer));
    }
    return ask(question);
  }
  if (!kept->etag.empty() || !kept->last_modified.empty()) question->stale = std::move(kept);
  ask(question);
}

void AnswerCache::ask(const std::shared_ptr<Question>& question) {
  ProductRequest request = question->request;
  if (question->stale && !question->stale->etag.empty()) {
    request.headers.set("If-None-Match", question->stale->etag);
  } else if (question->stale) {
    request.headers.set("If-Modified-Since", question->stale->last_modified);
  }
  question->exchange = std::make_unique<Exchange>(
      context_, std::move(request),
      [this, weak = std::weak_ptr(question)](Result<ProductAnswer> answer) {
        if (const auto alive = weak.lock()) answered(alive, std::move(answer));
      });
}

void AnswerCache::answered(const std::shared_ptr<Question>& question,
                           Result<ProductAnswer> answer) {
  if (!answer) return settle(question, std::move(answer));
  TrafficCounts& counts = context_.counts;
  if (answer->response.status == 304 && question->stale) {
    auto kept = answer_from(*question->stale);
    if (!kept) {
      question->stale.reset();
      return ask(question);
    }
    kept->attempts = answer->attempts;
    kept->waited = answer->waited;
    question->stale->checked = calendar();
    shelf_->keep(question->key, *std::move(question->stale));
    ++counts.cache_revalidated;
    answer = *std::move(kept);
  } else {
    keep(*question, *answer);
    ++counts.cache_misses;
  }
  counts.cache_hits += question->waiters.size() - 1;
  settle(question, std::move(answer));
}

void AnswerCache::keep(const Question& question, const ProductAnswer& answer) {
  if (!may_be_kept(answer)) return;
  const HttpResponse& response = answer.response;
  shelf_->keep(question.key, {.body = response.body,
                              .etag = std::string(response.headers.get("etag")),
                              .last_modified = std::string(response.headers.get("last-modified")),
                              .checked = calendar()});
}

void AnswerCache::settle(const std::shared_ptr<Question>& question, Result<ProductAnswer> answer) {
  open_.erase(question->key);
  auto& waiters = question->waiters;
  while (waiters.size() > 1) {  // one who is told may make others leave
    waiters.extract(waiters.begin()).mapped()(answer);
  }
  if (!waiters.empty()) waiters.extract(waiters.begin()).mapped()(std::move(answer));
}

void AnswerCache::leave(const std::shared_ptr<Question>& question, std::uint64_t waiter) {
  question->waiters.erase(waiter);
  if (!question->waiters.empty()) return;
  const auto open = open_.find(question->key);
  if (open != open_.end() && open->second == question) open_.erase(open);
}

}  // namespace earshot::core
