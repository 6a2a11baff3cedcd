#include "responses.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "computed.hpp"
#include "position.hpp"
#include "survey.hpp"
#include "surveys.hpp"

namespace earshot::plugins {
namespace {

using sdk::Call, sdk::Code, sdk::Error, sdk::FetchRequest, sdk::Page, sdk::Result, sdk::Time,
    sdk::Value;
using std::chrono::seconds;

/// A date names a second; in one that is not long over, a response may change once more.
constexpr seconds kUnsettled{60};
constexpr int kMostPasses = 3;
constexpr std::int64_t kMostResponses = 1'000'000;  ///< Where a survey does not tell how many.

/// Reads by date_modified, oldest first, and asks from the last one on for the next page: a page
/// number would skip what moves to the end while others are read. Only where one second holds
/// more than a page are pages numbered; those are read until a pass finds nothing new.
class ResponseReader {
 public:
  ResponseReader(Call& call, const FetchRequest& request, const std::string& survey,
                 Headway& headway)
      : call_(call), request_(request), id_(survey), headway_(headway) {}

  Result<void> run() {
    EAR_CHECK(begin());
    for (bool more = true; more;) {
      EAR_TRY(const Page page, call_.get(next_path()));
      EAR_CHECK(check_number(page));
      EAR_TRY(const bool another, has_next(page));
      EAR_TRY(const std::optional<Time> last, take(page));
      EAR_CHECK(tell_total(page));
      EAR_TRY(more, step(last, another));
    }
    return {};
  }

 private:
  Result<void> begin() {
    EAR_TRY(page_size_, call_.config().integer("/page_size"));
    for (const Value status : call_.config().at("/statuses")) {
      statuses_.emplace_back(status.view());
    }
    EAR_TRY(cursor_, call_.cursor(id_));
    if (!cursor_.empty()) {
      EAR_TRY(position_, position_of(cursor_));
    } else if (request_.from) {
      position_.since = std::chrono::floor<seconds>(*request_.from);
    }
    return {};
  }

  [[nodiscard]] std::string next_path() const {
    std::string path = sdk::path("/v3/surveys/" + sdk::percent_encode(id_) + "/responses/bulk",
                                 {{"per_page", std::to_string(page_size_)},
                                  {"page", std::to_string(number_)},
                                  {"sort_by", "date_modified"},
                                  {"sort_order", "ASC"},
                                  {"simple", "true"}});
    if (statuses_.size() == 1) path = sdk::path(path, {{"status", statuses_.front()}});
    if (position_.since) {
      path = sdk::path(path, {{"start_modified_at", date_string(*position_.since - kOverlap)}});
    }
    if (request_.to) {
      path = sdk::path(path, {{"end_modified_at", date_string(*request_.to + kOverlap)}});
    }
    return path;
  }

  /// Pages that never end would use up the day's requests.
  [[nodiscard]] Result<void> check_number(const Page& page) const {
    const std::int64_t total = page.integer("/total").value_or(kMostResponses);
    if (number_ <= total / page_size_ + 2) return {};
    return Error{.code = Code::bad_data,
                 .message = "there is a page " + std::to_string(number_) + " of " +
                            std::to_string(total) + " responses"};
  }

  /// Emits what is new on a page; the time of its last change, nothing for an empty page.
  Result<std::optional<Time>> take(const Page& page) {
    std::optional<Time> last;
    std::size_t index = 0;
    for (const Value response : page.at("/data")) {
      const std::string pointer = "/data/" + std::to_string(index++);
      std::optional<Time> modified = call_.read_time(response.at("/date_modified").view());
      if (modified) modified = std::chrono::floor<seconds>(*modified);
      if (modified) last = std::max(last.value_or(*modified), *modified);
      if (!is_new(response, modified)) continue;
      ++fresh_;
      if (is_wanted(response)) EAR_CHECK(emit(page, pointer, response));
    }
    return last;
  }

  /// What was emitted, what this survey still has behind the page, and the surveys behind it.
  Result<void> tell_total(const Page& page) {
    const Result<std::int64_t> total = page.integer("/total");
    if (!headway_.ahead || !total || *total < 0 || *total > kMostCounted) return {};
    const std::int64_t read =
        (number_ - 1) * page_size_ + static_cast<std::int64_t>(page.at("/data").size());
    const auto left = static_cast<std::uint64_t>(std::max<std::int64_t>(0, *total - read));
    return call_.total(headway_.emitted + left + *headway_.ahead);
  }

  bool is_new(const Value& response, const std::optional<Time>& modified) {
    if (!modified) return true;
    const auto [seen, first] = position_.seen.emplace(response.text_or("/id", ""), *modified);
    if (first) return true;
    if (*modified <= seen->second) return false;
    seen->second = *modified;
    return true;
  }

  [[nodiscard]] bool is_wanted(const Value& response) const {
    const std::string_view mode = response.at("/collection_mode").view();
    if (mode == "preview" || mode == "survey_preview") return false;
    if (!response.at("/response_status").is_string()) return true;  // nothing to choose by
    const std::string_view status = response.at("/response_status").view();
    return std::find(statuses_.begin(), statuses_.end(), status) != statuses_.end();
  }

  Result<void> emit(const Page& page, std::string_view pointer, const Value& response) {
    if (!details_) {
      EAR_TRY(details_, call_.get("/v3/surveys/" + sdk::percent_encode(id_) + "/details"));
      if (!details_->at("/pages").is_array()) {
        return Error{.code = Code::bad_data, .message = "the survey's details have no \"pages\""};
      }
      survey_ = read_survey(call_, *details_);
    }
    const Computed computed = compute(call_, survey_, response);
    EAR_CHECK(call_.emit(page, pointer, "survey_response",
                         {.refs = {{"survey", &*details_}}, .fields = computed.fields()}));
    ++headway_.emitted;
    return {};
  }

  /// Decides what to ask for next; false at the end.
  Result<bool> step(const std::optional<Time>& last, bool another) {
    const Time settled = std::chrono::floor<seconds>(call_.now() - kUnsettled);
    const std::optional<Time> reached = last ? std::optional(std::min(*last, settled)) : last;
    const bool ahead = reached && (!position_.since || *reached > *position_.since);
    if (another && !ahead) {
      ++number_;
      return true;
    }
    const bool may_have_shifted = number_ > 1 && fresh_ > 0 && last && *last <= settled;
    number_ = 1;
    fresh_ = 0;
    if (may_have_shifted && ++passes_ < kMostPasses) return true;
    passes_ = 0;
    if (ahead) position_.since = reached;
    EAR_CHECK(keep_position());
    return another;
  }

  Result<void> keep_position() {
    if (!position_.since) return {};
    std::erase_if(position_.seen,
                  [&](const auto& entry) { return entry.second < *position_.since - kOverlap; });
    std::string cursor = cursor_of(position_);
    if (cursor == cursor_) return {};
    cursor_ = std::move(cursor);
    return call_.checkpoint(id_, cursor_);
  }

  Call& call_;
  const FetchRequest& request_;
  const std::string& id_;
  Headway& headway_;
  std::int64_t page_size_ = 1;
  std::vector<std::string> statuses_;
  std::string cursor_;  ///< As it was last stored.
  Position position_;
  std::optional<Page> details_;
  Survey survey_;
  std::int64_t number_ = 1;  ///< Of the page to ask for.
  std::size_t fresh_ = 0;    ///< Responses of this pass that were not seen before.
  int passes_ = 0;           ///< Over numbered pages.
};

}  // namespace

Result<void> fetch_responses(Call& call, const FetchRequest& request, const std::string& survey,
                             Headway& headway) {
  return ResponseReader(call, request, survey, headway).run();
}

}  // namespace earshot::plugins
