#include "conformance/product.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>
#include <earshot/core/base/time.hpp>

namespace earshot::conformance {

using core::HttpRequest;

namespace {

constexpr int kPositionWeight = 4;
constexpr int kNoMatch = std::numeric_limits<int>::max();

std::string place_of(std::string_view method, std::string_view target) {
  return fmt::format("{} {}", method, core::percent_decode(target.substr(0, target.find('?'))));
}

/// As what waits on the loop for its time.
class PlayedExchange final : public core::Transport::Exchange {
 public:
  PlayedExchange(core::Loop& loop, Answer answer, core::Transport::Done done)
      : loop_(loop), answer_(std::move(answer)), done_(std::move(done)) {
    timer_ = loop_.after(answer_.delay, [this] {
      timer_ = 0;
      core::Transport::Done told = std::move(done_);  // may destroy this
      told(std::move(answer_.result));
    });
  }
  ~PlayedExchange() override {
    if (timer_ != 0) loop_.cancel(timer_);
  }
  PlayedExchange(const PlayedExchange&) = delete;
  PlayedExchange& operator=(const PlayedExchange&) = delete;

 private:
  core::Loop& loop_;
  Answer answer_;
  core::Transport::Done done_;
  core::TimerId timer_ = 0;
};

class PlayedTransport final : public core::Transport {
 public:
  PlayedTransport(core::Loop& loop, PlayedProduct& product) : loop_(loop), product_(product) {}
  std::unique_ptr<Exchange> send(HttpRequest request, Done done) override {
    const std::optional<core::Micros> most = request.timeouts.total;
    Answer answer = product_.answer(request);
    if (most && answer.delay > *most) {
      answer = timed_out();
      answer.delay = *most;
    }
    return std::make_unique<PlayedExchange>(loop_, std::move(answer), std::move(done));
  }

 private:
  core::Loop& loop_;
  PlayedProduct& product_;
};

Answer no_answer(std::string message, core::SentState sent, core::Code code = core::Code::network) {
  return {.result = {.response = std::nullopt,
                     .error = core::TransportError{
                         .error = {.code = code, .message = std::move(message)}, .sent = sent}}};
}

}  // namespace

Answer answer_with(int status, std::string body, std::string content_type) {
  core::HttpResponse response{.status = status, .body = std::move(body)};
  response.headers.add("Content-Type", std::move(content_type));
  return {.result = {.response = std::move(response), .error = std::nullopt}};
}

Answer broken_connection() {
  return no_answer("the connection broke", core::SentState::maybe);
}

Answer timed_out() {
  return no_answer("a time-out", core::SentState::maybe);
}

Answer oversized() {
  return no_answer("an answer of more than 64 MiB", core::SentState::maybe, core::Code::limit);
}

PlayedProduct::PlayedProduct(Recording recording, const std::string& corpus, Script script)
    : script_(std::move(script)) {
  std::map<std::string, std::set<std::string>> values;
  for (core::CassetteEntry& entry : recording) {
    Slot slot{.place = place_of(entry.method, entry.target),
              .words = words_of(entry.target, entry.request_body),
              .entry = std::move(entry)};
    for (const auto& [name, value] : slot.words) {
      if (is_time(value)) continue;
      const std::string word = slot.place + " " + name;
      values[word].insert(value);
      const bool handed_out =
          value.size() >= kShortestToken && corpus.find(value) != std::string::npos;
      if (handed_out || values[word].size() > 1) positions_.insert(word);
    }
    slots_.push_back(std::move(slot));
  }
}

Answer PlayedProduct::answer(const HttpRequest& request) {
  requests_.push_back(request);
  ++count_;
  if (endless()) return no_answer("there are too many requests", core::SentState::not_sent);
  if (script_) {
    if (std::optional<Answer> scripted = script_(requests_.size(), request))
      return *std::move(scripted);
  }
  const std::string place = place_of(request.method, request.target);
  Slot* slot = nearest(place, words_of(request.target, request.body));
  if (slot != nullptr) {
    slot->used = true;
    return {.result = {.response = slot->entry.response, .error = std::nullopt}};
  }
  unrecorded_.push_back(fmt::format("{} {}", request.method, request.target));
  return no_answer("nothing like it was recorded: " + unrecorded_.back(),
                   core::SentState::not_sent);
}

PlayedProduct::Slot* PlayedProduct::nearest(const std::string& place, const Words& words) {
  Slot* best = nullptr;
  int least = kNoMatch;
  for (Slot& slot : slots_) {
    if (slot.place != place) continue;
    const int apart = distance(slot, words);
    if (apart == kNoMatch || apart > least) continue;
    if (apart < least || best->used) best = &slot;
    least = apart;
  }
  return best;
}

/// How far a request is from a recorded one; kNoMatch where it is about another place in the data.
int PlayedProduct::distance(const Slot& slot, const Words& words) const {
  int apart = 0;
  for (const auto& [name, value] : words) {
    const auto recorded = slot.words.find(name);
    const bool position = is_position(slot.place, name);
    if (recorded != slot.words.end() && recorded->second == value) continue;
    if (position) return kNoMatch;
    apart += recorded == slot.words.end() && is_time(value) ? kPositionWeight : 1;
  }
  for (const auto& [name, value] : slot.words) {
    if (words.contains(name)) continue;
    if (is_position(slot.place, name)) return kNoMatch;
    apart += is_time(value) ? kPositionWeight : 1;
  }
  return apart;
}

std::vector<std::string> PlayedProduct::unused() const {
  std::vector<std::string> names;
  for (const Slot& slot : slots_) {
    if (!slot.used) names.push_back(fmt::format("{} {}", slot.entry.method, slot.entry.target));
  }
  return names;
}

Recording PlayedProduct::answered() const {
  Recording answered;
  for (const Slot& slot : slots_) {
    if (slot.used) answered.push_back(slot.entry);
  }
  return answered;
}

std::unique_ptr<core::Transport> transport_to(core::Loop& loop, PlayedProduct& product) {
  return std::make_unique<PlayedTransport>(loop, product);
}

}  // namespace earshot::conformance
