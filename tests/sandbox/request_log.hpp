#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace earshot::sandbox {

/// What was asked and answered: counts of everything, and the last 20,000 exchanges in order.
/// [one thread at a time]
class RequestLog {
 public:
  /// `outcome` is empty or the name of the fault that struck.
  void add(std::string_view method, std::string_view target, std::string_view body, int status,
           std::string_view outcome);
  void clear();
  /// {"total","counts":[{"path","status","count"}],"log":[{"n","method","target","body","status","fault"}]}
  /// with the entries numbered `since` and above; numbers begin at 1.
  [[nodiscard]] std::string json(std::uint64_t since) const;

 private:
  struct Entry {
    std::uint64_t number;
    std::string method;
    std::string target;
    std::string body;  ///< Its beginning, if there is one.
    int status;
    std::string outcome;
  };
  static constexpr std::size_t kKept = 20'000;
  static constexpr std::size_t kBodyKept = 1'000;

  std::uint64_t total_ = 0;
  std::map<std::pair<std::string, int>, std::uint64_t> counts_;
  std::deque<Entry> entries_;
};

}  // namespace earshot::sandbox
