#include "sandbox/served_product.hpp"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>
#include <earshot/core/json/document.hpp>
#include <earshot/core/json/writer.hpp>

#include "sandbox/http_text.hpp"

namespace earshot::sandbox {
namespace {

constexpr std::string_view kControl = "/_sandbox/";
constexpr std::uint64_t kMostChanges = 1'000'000;

core::HttpReply refused(std::string_view message) {
  return error_reply(400, "BadControlRequest", message);
}

void write_ids(core::JsonWriter& out, std::string_view name, const std::vector<std::string>& ids) {
  out.key(name);
  out.begin_array();
  for (const std::string& id : ids) out.string(id);
  out.end_array();
}

core::Result<std::uint64_t> count_member(core::JsonValue object, std::string_view name) {
  const core::JsonValue member = object.member(name);
  if (!member.exists()) return std::uint64_t{0};
  const std::optional<std::int64_t> count = member.integer();
  if (count && *count >= 0 && static_cast<std::uint64_t>(*count) <= kMostChanges) {
    return static_cast<std::uint64_t>(*count);
  }
  return core::Error{
      .code = core::Code::config,
      .message = fmt::format("'{}' takes a number from 0 to {}", name, kMostChanges)};
}

core::Result<Change> parse_change(const std::string& body) {
  EAR_TRY(const auto document, core::JsonDocument::parse(body));
  Change change;
  EAR_TRY(change.update, count_member(document->root(), "update"));
  EAR_TRY(change.remove, count_member(document->root(), "delete"));
  EAR_TRY(change.add, count_member(document->root(), "add"));
  return change;
}

/// What happens to the account between two pages.
constexpr Change kChangeWhilePaging = {.update = 3, .remove = 1, .add = 1};

}  // namespace

ServedProduct::ServedProduct(const ProductEntry& entry, ProductSetup setup,
                             const core::Clock& clock, core::Micros shift)
    : make_(entry.make),
      setup_(setup),
      clock_(clock, shift),
      product_(entry.make(setup_, clock_)) {}

core::HttpReply ServedProduct::handle(const core::HttpIncoming& request) {
  if (path_of(request.target).starts_with(kControl)) return control(request);
  return serve(request);
}

core::HttpReply ServedProduct::serve(const core::HttpIncoming& request) {
  const std::string_view path = path_of(request.target);
  const bool repeatable = product_->reads(request) && last_page_.contains(path);
  const Fault* fault = faults_.next(path, repeatable);
  core::HttpReply reply = fault ? misbehave(*fault, request) : product_->handle(request);
  log_.add(request.method, request.target, request.body, reply.reset ? 0 : reply.status,
           fault ? to_string(fault->kind) : "");
  if (!fault && product_->reads(request) && reply.status == 200) {
    last_page_.insert_or_assign(std::string(path), Page{request.target, request.body});
  }
  return reply;
}

core::HttpReply ServedProduct::misbehave(const Fault& fault, const core::HttpIncoming& request) {
  const auto executed = [&] { return fault.executed ? product_->handle(request).status : 0; };
  switch (fault.kind) {
    case FaultKind::rate_limit: executed(); return product_->failure(429, fault.retry_after);
    case FaultKind::error500: executed(); return product_->failure(500, fault.retry_after);
    case FaultKind::error503: executed(); return product_->failure(503, fault.retry_after);
    case FaultKind::duplicate_page: return repeat_page(request);
    case FaultKind::mutate_while_paging: product_->change(kChangeWhilePaging); break;
    case FaultKind::reset: {
      executed();
      core::HttpReply reply;
      reply.reset = true;
      return reply;
    }
    default: break;
  }
  core::HttpReply reply = product_->handle(request);
  if (fault.kind == FaultKind::slow) reply.delay = fault.delay;
  if (fault.kind == FaultKind::truncate) reply.cut_body_after = reply.body.size() / 2;
  if (fault.kind == FaultKind::invalid_json) reply.body.resize(reply.body.size() / 2);
  return reply;
}

core::HttpReply ServedProduct::repeat_page(const core::HttpIncoming& request) {
  core::HttpIncoming again = request;
  const Page& page = last_page_.find(path_of(request.target))->second;
  again.target = page.target;
  again.body = page.body;
  return product_->handle(again);
}

core::HttpReply ServedProduct::control(const core::HttpIncoming& request) {
  const std::string_view name = path_of(request.target).substr(kControl.size());
  const bool post = request.method == "POST";
  if (name == "truth" && request.method == "GET") return json_reply(200, product_->truth());
  if (name == "faults") return control_faults(request);
  if (name == "requests") return control_requests(request);
  if (name == "change" && post) return control_change(request);
  if (name == "clock" && post) return control_clock(request);
  if (name == "reset" && post) return control_reset();
  return error_reply(404, "NotFound",
                     "the sandbox has GET truth; GET, POST, DELETE faults; GET, DELETE requests; "
                     "POST change; POST clock; POST reset, below /_sandbox/");
}

core::HttpReply ServedProduct::control_faults(const core::HttpIncoming& request) {
  if (request.method == "POST") {
    const auto document = core::JsonDocument::parse(request.body);
    if (!document) return refused(document.error().message);
    const core::Result<Fault> fault = parse_fault(document.value()->root());
    if (!fault) return refused(fault.error().message);
    faults_.add(*fault);
  } else if (request.method == "DELETE") {
    faults_.clear();
  }
  core::JsonWriter out;
  out.begin_object();
  out.key("faults");
  out.begin_array();
  for (const Fault& fault : faults_.all()) {
    out.begin_object();
    out.member("fault", to_string(fault.kind));
    out.member("on", fault.on);
    out.member("times", fault.times);
    out.member("struck", fault.struck);
    out.end_object();
  }
  out.end_array();
  out.end_object();
  return json_reply(200, out.take());
}

core::HttpReply ServedProduct::control_requests(const core::HttpIncoming& request) {
  if (request.method == "DELETE") log_.clear();
  const Parameters query = query_of(request.target);
  const auto since = core::parse_integer(query.find("since").value_or("1"));
  if (!since || *since < 0) return refused("'since' takes the number of a log entry");
  return json_reply(200, log_.json(static_cast<std::uint64_t>(*since)));
}

core::HttpReply ServedProduct::control_change(const core::HttpIncoming& request) {
  const core::Result<Change> change = parse_change(request.body);
  if (!change) return refused(change.error().message);
  const Changed changed = product_->change(*change);
  core::JsonWriter out;
  out.begin_object();
  write_ids(out, "updated", changed.updated);
  write_ids(out, "deleted", changed.removed);
  write_ids(out, "added", changed.added);
  out.end_object();
  return json_reply(200, out.take());
}

core::HttpReply ServedProduct::control_clock(const core::HttpIncoming& request) {
  const auto document = core::JsonDocument::parse(request.body);
  if (!document) return refused(document.error().message);
  const auto seconds = document.value()->root().member("advance_seconds").integer();
  constexpr std::int64_t kCentury = 3'155'760'000;
  if (!seconds || *seconds < 0 || *seconds > kCentury) {
    return refused("'advance_seconds' takes a whole number of seconds, at most a century");
  }
  clock_.shift(std::chrono::seconds(*seconds));
  return json_reply(200, fmt::format(R"({{"now":"{}"}})", core::rfc3339(clock_.now())));
}

core::HttpReply ServedProduct::control_reset() {
  product_ = make_(setup_, clock_);
  faults_.clear();
  log_.clear();
  last_page_.clear();
  return json_reply(200, R"({"reset":true})");
}

}  // namespace earshot::sandbox
