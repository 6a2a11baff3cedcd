#pragma once

#include <map>
#include <set>
#include <string>

#include <earshot/core/base/result.hpp>

namespace earshot::core {

/// Where the streams of one run stand, and which of them must begin anew because their cursor is
/// read no more. A stream begins anew once in a run. [one thread at a time]
class StreamCursors {
 public:
  /// Streams to begin anew, with what was said about their cursors.
  using Lost = std::map<std::string, std::string>;

  void begin(std::map<std::string, std::string> stored) { stored_ = std::move(stored); }

  /// The stored cursor of a stream, or empty.
  [[nodiscard]] std::string read(const std::string& stream);
  /// A checkpoint was accepted.
  void move(const std::string& stream, std::string cursor);

  /// The cursor of that stream is read no more. False where it has none, or began anew before.
  bool lose(const std::string& stream, const std::string& why);
  /// The same where a fetch ended so and named no stream: it is the one that was read last. Where
  /// that cannot be, or it happens again in the run, it is all that have not begun anew.
  bool lose_unnamed(const std::string& why);
  [[nodiscard]] const Lost& lost() const noexcept { return lost_; }

  /// True if no stream but the lost ones may be without a cursor: because the fetch came to its end
  /// (`finished`), past all its streams, or because there is the default stream alone.
  [[nodiscard]] bool others_are_under_way(bool finished) const;
  /// For the next fetch of the run: lost cursors are forgotten, the others stand where they got to.
  void restart();

 private:
  [[nodiscard]] bool has_cursor(const std::string& stream) const;

  std::map<std::string, std::string> stored_;  ///< As the plugin reads them.
  std::map<std::string, std::string> moved_;   ///< Since the fetch began.
  std::set<std::string> new_;                  ///< Read without a cursor, and not moved since.
  std::string read_last_;
  Lost lost_;
  std::set<std::string> begun_anew_;
  bool unnamed_before_ = false;
};

}  // namespace earshot::core
