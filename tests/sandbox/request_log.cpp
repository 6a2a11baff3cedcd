#include "sandbox/request_log.hpp"

#include <earshot/core/json/writer.hpp>

#include "sandbox/http_text.hpp"

namespace earshot::sandbox {

void RequestLog::add(std::string_view method, std::string_view target, std::string_view body,
                     int status, std::string_view outcome) {
  ++total_;
  ++counts_[{std::string(path_of(target)), status}];
  entries_.push_back({total_, std::string(method), std::string(target),
                      std::string(body.substr(0, kBodyKept)), status, std::string(outcome)});
  if (entries_.size() > kKept) entries_.pop_front();
}

void RequestLog::clear() {
  total_ = 0;
  counts_.clear();
  entries_.clear();
}

std::string RequestLog::json(std::uint64_t since) const {
  core::JsonWriter out;
  out.begin_object();
  out.member("total", total_);
  out.key("counts");
  out.begin_array();
  for (const auto& [what, count] : counts_) {
    out.begin_object();
    out.member("path", what.first);
    out.member("status", std::int64_t{what.second});
    out.member("count", count);
    out.end_object();
  }
  out.end_array();
  out.key("log");
  out.begin_array();
  for (const Entry& entry : entries_) {
    if (entry.number < since) continue;
    out.begin_object();
    out.member("n", entry.number);
    out.member("method", entry.method);
    out.member("target", entry.target);
    if (!entry.body.empty()) out.member("body", entry.body);
    out.member("status", std::int64_t{entry.status});
    out.member("fault", entry.outcome);
    out.end_object();
  }
  out.end_array();
  out.end_object();
  return out.take();
}

}  // namespace earshot::sandbox
