#include "earshot/core/observe/log.hpp"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <sys/stat.h>

#include <earshot/core/base/text.hpp>
#include <earshot/core/base/time.hpp>
#include <earshot/core/json/writer.hpp>

namespace earshot::core {
namespace {

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

void print_to_standard_error(std::string_view line) {
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace

std::string_view to_string(LogLevel level) noexcept {
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

class Log::Impl {
 public:
  explicit Impl(LogOptions options) : options_(std::move(options)) {
    if (!options_.print) options_.print = print_to_standard_error;
    if (!options_.file.empty()) open();
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
  void open() {
    spdlog::file_event_handlers events;
    events.after_open = [](const spdlog::filename_t& /*name*/, std::FILE* file) {
      ::fchmod(::fileno(file), S_IRUSR | S_IWUSR);
    };
    try {
      file_ = std::make_unique<spdlog::sinks::rotating_file_sink_mt>(
          options_.file.string(), options_.max_size, options_.max_files, false, events);
      file_->set_pattern("%v");
    } catch (const spdlog::spdlog_ex& error) {
      options_.print(fmt::format("earshot: logging here instead of to a file: {}\n", error.what()));
    }
  }

  std::string as_json(std::string_view time, LogLevel level, std::string_view message,
                      std::initializer_list<LogField> fields) const {
    JsonWriter out;
    out.begin_object();
    out.member("time", time);
    out.member("level", to_string(level));
    out.member("message", redactor_.redact(message));
    for (const auto& [name, value] : fields) out.member(name, redactor_.redact(value));
    out.end_object();
    return out.take();
  }

  std::string as_text(std::string_view time, LogLevel level, std::string_view message,
                      std::initializer_list<LogField> fields) const {
    std::string line =
        fmt::format("{} {:<5} {}", time, to_string(level), one_line(redactor_.redact(message)));
    for (const auto& [name, value] : fields) {
      line += fmt::format(" {}={}", name, one_word(redactor_.redact(value)));
    }
    return line;
  }

  /// A full disk must not stop the host: what cannot be logged is lost.
  void emit(const std::string& line) noexcept {
    try {
      if (!file_) return options_.print(line + '\n');
      file_->log(spdlog::details::log_msg({}, spdlog::level::info, line));
      file_->flush();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "earshot: a log line was lost: %s\n", error.what());
    }
  }

  LogOptions options_;
  const SystemClock clock_;
  std::unique_ptr<spdlog::sinks::rotating_file_sink_mt> file_;
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
