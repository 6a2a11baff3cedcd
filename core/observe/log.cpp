#include "earshot/core/observe/log.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <earshot/core/base/text.hpp>
#include <earshot/core/base/time.hpp>
#include <earshot/core/json/writer.hpp>

namespace earshot::core {
namespace {

constexpr std::size_t kFileSize = 10 * 1024 * 1024;
constexpr std::size_t kFilesKept = 3;

std::string_view name_of(LogLevel level) noexcept {
  switch (level) {
    case LogLevel::trace: return "trace";
    case LogLevel::debug: return "debug";
    case LogLevel::info: return "info";
    case LogLevel::warn: return "warn";
    case LogLevel::error: return "error";
    case LogLevel::off: break;
  }
  return "off";
}

/// "2026-11-21T13:00:00.123Z".
std::string stamp(Time now) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
  std::string text = rfc3339(seconds);
  text.pop_back();
  return text + fmt::format(".{:03}Z", (now - seconds) / std::chrono::milliseconds(1));
}

std::string quoted(std::string_view text) {
  JsonWriter out;
  out.string(text);
  return out.take();
}

bool is_control(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

/// A message as one line: where it has control characters, with these escaped.
std::string one_line(std::string_view text) {
  if (std::none_of(text.begin(), text.end(), is_control)) return clean_utf8(text);
  const std::string escaped = quoted(text);
  return escaped.substr(1, escaped.size() - 2);
}

/// A field's value: quoted where it would not be told apart from what follows.
std::string one_word(std::string_view text) {
  const auto needs_quotes = [](char c) {
    return is_control(c) || c == ' ' || c == '"' || c == '=';
  };
  const bool plain = !text.empty() && std::none_of(text.begin(), text.end(), needs_quotes);
  return plain ? clean_utf8(text) : quoted(text);
}

}  // namespace

class Log::Impl {
 public:
  explicit Impl(LogOptions options) : options_(std::move(options)), sink_(open(options_.file)) {
    sink_->set_pattern("%v");
  }

  [[nodiscard]] bool enabled(LogLevel level) const noexcept {
    return level >= options_.level && level != LogLevel::off;
  }

  void write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
    const std::string time =
        stamp(options_.clock != nullptr ? options_.clock->now() : clock_.now());
    emit(options_.json ? as_json(time, level, message, fields)
                       : as_text(time, level, message, fields));
  }

  Redactor redactor_;

 private:
  using Sink = std::shared_ptr<spdlog::sinks::sink>;

  static Sink open(const std::filesystem::path& file) {
    if (file.empty()) return std::make_shared<spdlog::sinks::stderr_sink_mt>();
    try {
      return std::make_shared<spdlog::sinks::rotating_file_sink_mt>(file.string(), kFileSize,
                                                                    kFilesKept);
    } catch (const spdlog::spdlog_ex& error) {
      fmt::print(stderr, "earshot: logging to standard error: {}\n", error.what());
      return std::make_shared<spdlog::sinks::stderr_sink_mt>();
    }
  }

  std::string as_json(std::string_view time, LogLevel level, std::string_view message,
                      std::initializer_list<LogField> fields) const {
    JsonWriter out;
    out.begin_object();
    out.member("time", time);
    out.member("level", name_of(level));
    out.member("message", redactor_.redact(message));
    for (const auto& [name, value] : fields) out.member(name, redactor_.redact(value));
    out.end_object();
    return out.take();
  }

  std::string as_text(std::string_view time, LogLevel level, std::string_view message,
                      std::initializer_list<LogField> fields) const {
    std::string line =
        fmt::format("{} {:<5} {}", time, name_of(level), one_line(redactor_.redact(message)));
    for (const auto& [name, value] : fields) {
      line += fmt::format(" {}={}", name, one_word(redactor_.redact(value)));
    }
    return line;
  }

  /// A full disk must not stop the host: what cannot be logged is lost.
  void emit(const std::string& line) noexcept {
    try {
      sink_->log(spdlog::details::log_msg({}, spdlog::level::info, line));
      sink_->flush();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "earshot: a log line was lost: %s\n", error.what());
    }
  }

  const LogOptions options_;
  const SystemClock clock_;
  const Sink sink_;
};

Log::Log(LogOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Log::~Log() = default;

bool Log::enabled(LogLevel level) const noexcept {
  return impl_->enabled(level);
}

void Log::write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  if (enabled(level)) impl_->write(level, message, fields);
}

Redactor& Log::redactor() noexcept {
  return impl_->redactor_;
}

}  // namespace earshot::core
