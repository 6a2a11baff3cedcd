#pragma once

/// The kit's own host table: notes what it is asked, and asks the real host.

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>

#include <earshot/sdk/text.hpp>

#include "conformance/rig_visit.hpp"

namespace earshot::conformance {

/// Of a structure that a plugin fills, in bytes: up to its last member of ABI 1.0, and as it is
/// now.
struct SizeOf {
  std::uint64_t first = 0;
  std::uint64_t now = 0;
};
inline constexpr SizeOf kFailureSize{offsetof(ear_failure, resp) + sizeof(ear_failure::resp),
                                     sizeof(ear_failure)};

/// Behind the table. Each member is the host function of that name.
struct RigHost {
  using Visit = conformance::Visit;
  using Handle = Visit::Handle;
  /// With whom the text that `why` lent is called in.
  static constexpr std::uint64_t kWhy = std::numeric_limits<std::uint64_t>::max();

  static const ear_host& real() noexcept { return core::host_table(); }

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
  static void check_size(Visit& visit, const char* what, std::uint64_t told, SizeOf size);
  /// Each pair with `before` in front of it and `between` its halves.
  static std::string pairs(const ear_pair* list, std::uint64_t count, const char* before,
                           const char* between);

  // Requests and their answers: rig_host_http.cpp
  static void note(Visit& visit, const ear_request& request);
  static ear_rc http(ear_call* call, const ear_request* request, ear_response* out);
  static ear_rc http_all(ear_call* call, const ear_request* requests, std::uint64_t n,
                         ear_response* out, ear_rc* rcs);
  static ear_bytes body(ear_call* call, ear_resp resp);
  static ear_str header(ear_call* call, ear_resp resp, ear_str name);
  static void release(ear_call* call, ear_resp resp);
  static ear_resp config(ear_call* call);

  // Walking what was parsed: rig_host_json.cpp
  static ear_value root(ear_call* call, ear_resp resp);
  static ear_value at(ear_call* call, ear_value value, ear_str pointer);
  static ear_str text(ear_call* call, ear_value value);
  static std::uint64_t count(ear_call* call, ear_value value);
  static ear_value first(ear_call* call, ear_value value);
  static ear_value next(ear_call* call, ear_value value);
  static ear_str key(ear_call* call, ear_value value);

  // Records and cursors: rig_host_records.cpp
  static ear_rc emit(ear_call* call, const ear_emit* emit, ear_emitted* out);
  static ear_rc known(ear_call* call, ear_str mapping, const ear_str* ids, const ear_str* versions,
                      std::uint64_t n, std::uint8_t* out);
  static ear_rc checkpoint(ear_call* call, ear_str stream, ear_bytes cursor);
  static ear_rc cursor(ear_call* call, ear_str stream, ear_bytes* out);
  static ear_rc problem(ear_call* call, ear_str stream, const ear_failure* failure);

  // The rest: rig_host.cpp
  static ear_rc sleep(ear_call* call, std::uint64_t milliseconds);
  static ear_rc fail(ear_call* call, const ear_failure* failure);
  static ear_str why(ear_call* call);
  static ear_rc report(ear_call* call, ear_str key, ear_str value);
  static void log(ear_call* call, std::int32_t level, ear_str message, const ear_pair* fields,
                  std::uint64_t n);
  static ear_time now_of(const Visit& visit);
  static ear_time now(const ear_call* call);
  static ear_rc stopping(const ear_call* call);
  static void* alloc(ear_call* call, std::uint64_t size, std::uint64_t align);
  static ear_rc secret_put(ear_call* call, ear_str name, ear_str value, ear_time expires);
  static ear_str html(ear_call* call, ear_str html);
  static ear_time read_time(ear_str text);
  static const void* extension(const ear_host* host, ear_str id);
  static const void* no_extension(const ear_host* host, ear_str id);
  static ear_host table() noexcept;
};

}  // namespace earshot::conformance
