/// The kit's own host table: notes what it is asked, and asks the real host.

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>
#include <earshot/ext/text.h>
#include <earshot/sdk/text.hpp>

#include "conformance/rig_visit.hpp"

namespace earshot::conformance {

using sdk::borrow;
using sdk::view;

namespace {

/// With whom the text that `why` lent is called in.
constexpr std::uint64_t kWhy = std::numeric_limits<std::uint64_t>::max();

const ear_host& real() noexcept {
  return core::host_table();
}

const ear_text& real_text() {
  return *static_cast<const ear_text*>(real().extension(&real(), borrow(EAR_EXT_TEXT)));
}

std::string pairs(const ear_pair* list, std::uint64_t count, const char* before,
                  const char* between) {
  std::string text;
  for (std::uint64_t i = 0; i < count; ++i)
    text += fmt::format("{}{}{}{}", before, view(list[i].key), between, view(list[i].value));
  return text;
}

/// Of a structure that a plugin fills, in bytes: up to its last member of ABI 1.0, and as it is
/// now.
struct SizeOf {
  std::uint64_t first = 0;
  std::uint64_t now = 0;
};
constexpr SizeOf kFailureSize{offsetof(ear_failure, resp) + sizeof(ear_failure::resp),
                              sizeof(ear_failure)};
constexpr SizeOf kPartSize{offsetof(ear_part, bytes) + sizeof(ear_part::bytes), sizeof(ear_part)};
constexpr SizeOf kRequestSize{offsetof(ear_request, link_at) + sizeof(ear_request::link_at),
                              sizeof(ear_request)};
constexpr SizeOf kResponseSize{offsetof(ear_response, why) + sizeof(ear_response::why),
                               sizeof(ear_response)};
constexpr SizeOf kEmitSize{offsetof(ear_emit, field_count) + sizeof(ear_emit::field_count),
                           sizeof(ear_emit)};
constexpr SizeOf kEmittedSize{offsetof(ear_emitted, outside) + sizeof(ear_emitted::outside),
                              sizeof(ear_emitted)};

bool only_reads(const ear_request& request) {
  const std::string_view method = view(request.method);
  return method == "GET" || method == "HEAD" || method == "OPTIONS" ||
         request.safety == EAR_SAFETY_READ;
}

}  // namespace

/// Behind the table. Each member is the host function of that name.
struct RigHost {
  using Visit = conformance::Visit;
  using Handle = Visit::Handle;

  static Visit& of(const ear_call* call) noexcept {
    return *reinterpret_cast<const Handle*>(call)->visit;
  }

  /// Between two host functions the processor's time is the plugin's.
  class Entered {
   public:
    Entered(const ear_call* call, const char* function) : visit_(of(call)) {
      Deeds& deeds = visit_.deeds_;
      deeds.longest_slice = std::max(deeds.longest_slice, processor_time() - visit_.slice_begun_);
      over_ = reinterpret_cast<const Handle*>(call)->over;
      if (visit_.closing_) {
        deeds.while_closing.emplace_back(function);
      } else if (over_) {
        deeds.out_of_call.emplace_back(function);
      }
      if (visit_.loans_) visit_.loans_->call_in(kWhy);
    }
    ~Entered() { visit_.slice_begun_ = processor_time(); }
    Entered(const Entered&) = delete;
    Entered& operator=(const Entered&) = delete;
    /// False: there is no call any more, and nothing is asked of the real host.
    explicit operator bool() const noexcept { return !over_; }
    [[nodiscard]] Visit& visit() const noexcept { return visit_; }

   private:
    Visit& visit_;
    bool over_ = false;
  };

  template <typename T, typename Body>
  static T asked(const ear_call* call, const char* function, T otherwise, Body body) {
    const Entered entered(call, function);
    return entered ? body(entered.visit(), entered.visit().inner_) : otherwise;
  }

  /// A function that may sleep: counted, and answered for where that is wanted.
  template <typename Body>
  static ear_rc slept(const ear_call* call, const char* function, Body body) {
    return asked(call, function, ear_rc{EAR_MISUSE}, [&](Visit& visit, ear_call* inner) {
      if (visit.stopped_ != EAR_OK) {
        visit.deeds_.after_stop.emplace_back(function);
        return visit.stopped_;
      }
      const std::uint64_t number = ++visit.deeds_.suspensions;
      const ear_rc rc = visit.manner_.answers ? visit.manner_.answers(number, function) : EAR_OK;
      if (is_sticky(rc)) visit.stopped_ = rc;
      return rc == EAR_OK ? body(visit, inner) : rc;
    });
  }

  /// A plugin that was built with another minor knows fewer members, or more.
  static void check_size(Visit& visit, const char* what, std::uint64_t told, SizeOf size) {
    const std::int64_t newer = std::int64_t{visit.rig_.plugin().minor} - EAR_ABI_MINOR;
    const bool fewer = newer < 0 && told >= size.first && told < size.now;
    const bool more = newer > 0 && told > size.now;
    if (told != size.now && !fewer && !more)
      visit.deeds_.untrue_sizes.push_back(
          fmt::format("an {} of {} bytes says {}", what, size.now, told));
  }

  // ---- Requests ----

  static void note(Visit& visit, const ear_request& request) {
    const std::string_view path = view(request.path);
    std::string text = fmt::format("{} {}{}{}", view(request.method), view(request.endpoint), path,
                                   view(request.link));
    text += pairs(request.query, request.query_count, " ?", "=");
    text += pairs(request.headers, request.header_count, " ", ": ");
    for (std::uint64_t i = 0; i < request.part_count; ++i) {
      const ear_part& part = request.parts[i];
      check_size(visit, "ear_part", part.size, kPartSize);
      text += fmt::format(
          " {} {}", view(part.name),
          std::string_view(reinterpret_cast<const char*>(part.bytes.data), part.bytes.size));
    }
    if (!only_reads(request)) visit.deeds_.changes.push_back(text);
    visit.deeds_.requests.push_back(std::move(text));
    const std::size_t scheme = path.find("://");
    if (scheme == std::string_view::npos || path.starts_with('/')) return;
    const std::string_view rest = path.substr(scheme + 3);
    visit.deeds_.hosts.emplace_back(rest.substr(0, rest.find_first_of("/?#:")));
  }

  static ear_rc http(ear_call* call, const ear_request* request, ear_response* out) {
    return slept(call, "http", [&](Visit& visit, ear_call* inner) {
      check_size(visit, "ear_request", request->size, kRequestSize);
      check_size(visit, "ear_response", out->size, kResponseSize);
      note(visit, *request);
      const ear_rc rc = real().http(inner, request, out);
      if (EAR_HAS(out, why)) out->why = visit.lent(out->why, "the `why` of an answer", 0);
      return rc;
    });
  }

  static ear_rc http_all(ear_call* call, const ear_request* requests, std::uint64_t n,
                         ear_response* out, ear_rc* rcs) {
    return slept(call, "http_all", [&](Visit& visit, ear_call* inner) {
      for (std::uint64_t i = 0; i < n; ++i) {
        const auto* bytes = reinterpret_cast<const char*>(requests) + i * requests->size;
        const auto& request = *reinterpret_cast<const ear_request*>(bytes);
        check_size(visit, "ear_request", request.size, kRequestSize);
        note(visit, request);
      }
      if (n != 0) check_size(visit, "ear_response", out->size, kResponseSize);
      return real().http_all(inner, requests, n, out, rcs);
    });
  }

  static ear_bytes body(ear_call* call, ear_resp resp) {
    return asked(call, "body", ear_bytes{}, [&](Visit& visit, ear_call* inner) {
      const ear_bytes bytes = real().body(inner, resp);
      const ear_str text = visit.lent({reinterpret_cast<const char*>(bytes.data), bytes.size},
                                      "what `body` lent", resp);
      return ear_bytes{reinterpret_cast<const std::uint8_t*>(text.data), text.size};
    });
  }
  static ear_str header(ear_call* call, ear_resp resp, ear_str name) {
    return asked(call, "header", ear_str{}, [&](Visit& visit, ear_call* inner) {
      return visit.lent(real().header(inner, resp, name), "what `header` lent", resp);
    });
  }
  static void release(ear_call* call, ear_resp resp) {
    asked(call, "release", 0, [&](Visit& visit, ear_call* inner) {
      real().release(inner, resp);
      if (visit.loans_ && resp != real().config(inner)) visit.loans_->call_in(resp);
      return 0;
    });
  }
  static ear_resp config(ear_call* call) {
    return asked(call, "config", ear_resp{0},
                 [](Visit&, ear_call* inner) { return real().config(inner); });
  }

  // ---- JSON ----

  static ear_value root(ear_call* call, ear_resp resp) {
    return asked(call, "json->root", ear_value{},
                 [&](Visit&, ear_call* inner) { return real().json->root(inner, resp); });
  }
  static ear_value at(ear_call* call, ear_value value, ear_str pointer) {
    return asked(call, "json->at", ear_value{},
                 [&](Visit&, ear_call* inner) { return real().json->at(inner, value, pointer); });
  }
  static ear_str text(ear_call* call, ear_value value) {
    return asked(call, "json->text", ear_str{}, [&](Visit& visit, ear_call* inner) {
      return visit.lent(real().json->text(inner, value), "what `json->text` lent", value.resp);
    });
  }
  static std::uint64_t count(ear_call* call, ear_value value) {
    return asked(call, "json->count", std::uint64_t{0},
                 [&](Visit&, ear_call* inner) { return real().json->count(inner, value); });
  }
  static ear_value first(ear_call* call, ear_value value) {
    return asked(call, "json->first", ear_value{},
                 [&](Visit&, ear_call* inner) { return real().json->first(inner, value); });
  }
  static ear_value next(ear_call* call, ear_value value) {
    return asked(call, "json->next", ear_value{},
                 [&](Visit&, ear_call* inner) { return real().json->next(inner, value); });
  }
  static ear_str key(ear_call* call, ear_value value) {
    return asked(call, "json->key", ear_str{}, [&](Visit& visit, ear_call* inner) {
      return visit.lent(real().json->key(inner, value), "what `json->key` lent", value.resp);
    });
  }

  // ---- Records and cursors ----

  static ear_rc emit(ear_call* call, const ear_emit* emit, ear_emitted* out) {
    return slept(call, "emit", [&](Visit& visit, ear_call* inner) {
      check_size(visit, "ear_emit", emit->size, kEmitSize);
      check_size(visit, "ear_emitted", out->size, kEmittedSize);
      return real().emit(inner, emit, out);
    });
  }
  static ear_rc known(ear_call* call, ear_str mapping, const ear_str* ids, const ear_str* versions,
                      std::uint64_t n, std::uint8_t* out) {
    return slept(call, "known", [&](Visit&, ear_call* inner) {
      return real().known(inner, mapping, ids, versions, n, out);
    });
  }
  static ear_rc checkpoint(ear_call* call, ear_str stream, ear_bytes cursor) {
    return slept(call, "checkpoint",
                 [&](Visit&, ear_call* inner) { return real().checkpoint(inner, stream, cursor); });
  }
  static ear_rc cursor(ear_call* call, ear_str stream, ear_bytes* out) {
    return slept(call, "cursor", [&](Visit& visit, ear_call* inner) {
      const ear_rc rc = real().cursor(inner, stream, out);
      const ear_str text = visit.lent({reinterpret_cast<const char*>(out->data), out->size},
                                      "what `cursor` lent", 0);
      *out = {reinterpret_cast<const std::uint8_t*>(text.data), text.size};
      return rc;
    });
  }
  static ear_rc problem(ear_call* call, ear_str stream, const ear_failure* failure) {
    return asked(call, "problem", ear_rc{EAR_MISUSE}, [&](Visit& visit, ear_call* inner) {
      if (visit.stopped_ != EAR_OK) return visit.stopped_;
      check_size(visit, "ear_failure", failure->size, kFailureSize);
      visit.deeds_.messages.emplace_back(view(failure->message));
      return real().problem(inner, stream, failure);
    });
  }

  // ---- The rest ----

  static ear_rc sleep(ear_call* call, std::uint64_t milliseconds) {
    return slept(call, "sleep", [&](Visit& visit, ear_call* inner) {
      visit.slept_ += milliseconds;
      return real().sleep(inner, milliseconds);
    });
  }
  static ear_rc fail(ear_call* call, const ear_failure* failure) {
    return asked(call, "fail", ear_rc{EAR_MISUSE}, [&](Visit& visit, ear_call* inner) {
      check_size(visit, "ear_failure", failure->size, kFailureSize);
      visit.deeds_.messages.emplace_back(view(failure->message));
      return real().fail(inner, failure);
    });
  }
  static ear_str why(ear_call* call) {
    return asked(call, "why", ear_str{}, [](Visit& visit, ear_call* inner) {
      return visit.lent(real().why(inner), "what `why` lent", kWhy);
    });
  }
  static ear_rc report(ear_call* call, ear_str key, ear_str value) {
    return asked(call, "report", ear_rc{EAR_MISUSE}, [&](Visit& visit, ear_call* inner) {
      visit.deeds_.reports[std::string(view(key))] = view(value);
      return real().report(inner, key, value);
    });
  }
  static void log(ear_call* call, std::int32_t level, ear_str message, const ear_pair* fields,
                  std::uint64_t n) {
    asked(call, "log", 0, [&](Visit& visit, ear_call* inner) {
      visit.deeds_.logged.push_back(std::string(view(message)) + pairs(fields, n, " ", "="));
      real().log(inner, level, message, fields, n);
      return 0;
    });
  }
  static ear_time now_of(const Visit& visit) {
    const core::Time now = visit.rig_.recorded_at() + std::chrono::milliseconds(visit.slept_);
    return now.time_since_epoch().count();
  }
  static ear_time now(const ear_call* call) {
    return asked(call, "now", ear_time{0}, [](Visit& visit, ear_call*) { return now_of(visit); });
  }
  static ear_rc stopping(const ear_call* call) {
    return asked(call, "stopping", ear_rc{EAR_MISUSE}, [](Visit& visit, ear_call* inner) {
      return visit.stopped_ != EAR_OK ? visit.stopped_ : real().stopping(inner);
    });
  }
  static void* alloc(ear_call* call, std::uint64_t size, std::uint64_t align) {
    return asked(call, "alloc", static_cast<void*>(nullptr), [&](Visit& visit, ear_call* inner) {
      if (++visit.deeds_.allocations == visit.manner_.empty_alloc)
        return static_cast<void*>(nullptr);
      void* memory = real().alloc(inner, size, align);
      if (memory == nullptr || !visit.loans_) return memory;
      return visit.loans_->lend(nullptr, size, align, Loans::Kind::answer, "what `alloc` gave", 0);
    });
  }
  static ear_rc secret_put(ear_call* call, ear_str name, ear_str value, ear_time expires) {
    return slept(call, "secret_put", [&](Visit&, ear_call* inner) {
      return real().secret_put(inner, name, value, expires);
    });
  }

  // ---- Extensions ----

  static ear_str html(ear_call* call, ear_str html) {
    return asked(call, "ear.text/1 html", ear_str{}, [&](Visit& visit, ear_call* inner) {
      return visit.lent(real_text().html(inner, html), "what `html` lent", 0);
    });
  }
  static ear_time read_time(ear_str text) { return real_text().time(text); }

  static const void* extension(const ear_host* /*host*/, ear_str id) {
    static constexpr ear_text kText = {
        .size = sizeof(ear_text), .reserved = 0, .time = read_time, .html = html};
    return view(id) == EAR_EXT_TEXT ? &kText : nullptr;
  }
  static const void* no_extension(const ear_host* /*host*/, ear_str /*id*/) { return nullptr; }

  static ear_host table() noexcept {
    static constexpr ear_json kJson = {.size = sizeof(ear_json),
                                       .reserved = 0,
                                       .root = root,
                                       .at = at,
                                       .text = text,
                                       .count = count,
                                       .first = first,
                                       .next = next,
                                       .key = key};
    return {.size = sizeof(ear_host),
            .minor = EAR_ABI_MINOR,
            .version = real().version,
            .json = &kJson,
            .extension = extension,
            .http = http,
            .http_all = http_all,
            .body = body,
            .header = header,
            .release = release,
            .config = config,
            .emit = emit,
            .known = known,
            .checkpoint = checkpoint,
            .cursor = cursor,
            .problem = problem,
            .sleep = sleep,
            .fail = fail,
            .why = why,
            .report = report,
            .log = log,
            .now = now,
            .stopping = stopping,
            .alloc = alloc,
            .secret_put = secret_put};
  }
};

ear_str Visit::lent(ear_str text, std::string_view what, std::uint64_t owner) {
  if (!loans_ || text.size == 0) return text;
  void* copy = loans_->lend(text.data, text.size, 1, Loans::Kind::answer, std::string(what), owner);
  return copy == nullptr ? text : ear_str{static_cast<const char*>(copy), text.size};
}

const ear_host& rig_host() noexcept {
  static const ear_host kHost = RigHost::table();
  return kHost;
}

const ear_host& bare_rig_host() noexcept {
  static const ear_host kHost = [] {
    ear_host host = RigHost::table();
    host.extension = RigHost::no_extension;
    return host;
  }();
  return kHost;
}

}  // namespace earshot::conformance
