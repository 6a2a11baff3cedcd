#pragma once

/// The host's log: structured, leveled, redacted. A thin face over spdlog so that only one source
/// includes it.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <earshot/core/base/clock.hpp>
#include <earshot/core/base/secret.hpp>

namespace earshot::core {

enum class LogLevel : std::uint8_t { trace, debug, info, warn, error, off };
[[nodiscard]] std::string_view to_string(LogLevel level) noexcept;

using LogField = std::pair<std::string_view, std::string_view>;

/// Remembers every secret the process has learnt and masks it wherever text leaves: also its
/// base64 (alone or inside of what is encoded), hexadecimal, percent-encoded and JSON-escaped
/// forms, and digests. Secrets shorter than 4 characters are not masked. [thread-safe]
class Redactor {
 public:
  Redactor();
  ~Redactor();
  void learn(const Secret& secret);
  /// `text` with every known secret replaced by "[secret]".
  [[nodiscard]] std::string redact(std::string_view text) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

struct LogOptions {
  LogLevel level = LogLevel::info;
  bool json = false;             ///< One JSON object a line instead of text for people.
  std::filesystem::path file{};  ///< Instead of standard error; its folder is made, its mode 0600.
  std::uint64_t max_size = std::uint64_t{10} << 20;    ///< Bytes of the file before it is rotated.
  std::uint32_t max_files = 3;                         ///< Rotated ones that are kept beside it.
  std::function<void(std::string_view line)> print{};  ///< Takes lines instead of standard error.
  const Clock* clock = nullptr;  ///< Stamps the lines; the machine's clock where there is none.
};

/// Writes one line for each message, at once. A file that cannot be written to is said so where
/// lines go without a file, and what is logged goes there instead.
///
///     2026-11-21T13:00:00.123Z info  run finished integration=acme run=3
///     {"time":"2026-11-21T13:00:00.123Z","level":"info","message":"run finished","run":"3"}
///
/// [thread-safe]
class Log {
 public:
  explicit Log(LogOptions options);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  [[nodiscard]] bool enabled(LogLevel level) const noexcept;
  /// `fields` name what the line is about: integration, run, call. Everything is redacted.
  void write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields = {});

  [[nodiscard]] Redactor& redactor() noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace earshot::core
