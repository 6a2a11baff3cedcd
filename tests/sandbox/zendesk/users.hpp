#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace earshot::sandbox {

/// Users by index: 0 the administrator, 1 an agent, up to kStaff more agents, then customers. The
/// last kDeletedUsers are deleted: exports leave them out. Rendered once each. [one thread at a
/// time]
class ZendeskUsers {
 public:
  static constexpr std::uint64_t kStaff = 10;
  static constexpr std::uint64_t kDeletedUsers = 20;
  static constexpr std::uint64_t kWithoutEmail = kStaff;  ///< A customer who has no address.

  ZendeskUsers(std::uint64_t seed, std::uint64_t customers);

  [[nodiscard]] std::uint64_t count() const noexcept { return rendered_.size(); }
  [[nodiscard]] std::uint64_t customers() const noexcept {
    return count() - kStaff - kDeletedUsers;
  }
  [[nodiscard]] bool deleted(std::uint64_t index) const noexcept {
    return index + kDeletedUsers >= count();
  }
  [[nodiscard]] static std::int64_t id(std::uint64_t index) noexcept;
  [[nodiscard]] std::optional<std::uint64_t> index(std::int64_t id) const noexcept;
  [[nodiscard]] std::string name(std::uint64_t index) const;
  [[nodiscard]] std::string email(std::uint64_t index) const;  ///< Empty where there is none.
  [[nodiscard]] static std::int64_t organization(std::uint64_t index) noexcept;
  const std::string& json(std::uint64_t index);

 private:
  std::uint64_t seed_;
  std::vector<std::string> rendered_;  ///< Empty until asked for.
};

/// What a visitor without credentials is told about himself.
[[nodiscard]] std::string anonymous_user_json();

}  // namespace earshot::sandbox
