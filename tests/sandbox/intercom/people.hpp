#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace earshot::sandbox {

/// Contacts, companies and admins of the simulated workspace, by index. The last kGone contacts
/// were deleted, the kMerged before them merged into the first one. Rendered once each. [one thread
/// at a time]
class IntercomPeople {
 public:
  static constexpr std::string_view kWorkspace = "abc12def";
  static constexpr std::uint64_t kAdmins = 6;
  static constexpr std::uint64_t kCompanies = 20;
  static constexpr std::uint64_t kGone = 6;
  static constexpr std::uint64_t kMerged = 4;
  static constexpr std::uint64_t kWithoutEmail = 1;  ///< A lead who gave neither name nor address.

  IntercomPeople(std::uint64_t seed, std::uint64_t living);

  enum class Standing { living, merged, gone };
  [[nodiscard]] Standing standing(std::uint64_t contact) const noexcept;
  [[nodiscard]] std::uint64_t count() const noexcept { return rendered_.size(); }
  /// Those that are neither deleted nor merged.
  [[nodiscard]] std::uint64_t living() const noexcept { return count() - kGone - kMerged; }

  [[nodiscard]] static std::string id(std::uint64_t contact);
  [[nodiscard]] std::optional<std::uint64_t> index(std::string_view id) const noexcept;
  [[nodiscard]] std::string name(std::uint64_t contact) const;   ///< Empty where there is none.
  [[nodiscard]] std::string email(std::uint64_t contact) const;  ///< Empty where there is none.
  [[nodiscard]] static bool is_lead(std::uint64_t contact) noexcept;
  const std::string& json(std::uint64_t contact);

  [[nodiscard]] static std::string company_id(std::uint64_t company);
  [[nodiscard]] static std::optional<std::uint64_t> company_index(std::string_view id) noexcept;
  [[nodiscard]] static std::string company_json(std::uint64_t company);

  /// Earshot's word for the plan of the contact or its company, or empty.
  [[nodiscard]] std::string_view tier(std::uint64_t contact) const noexcept;

  [[nodiscard]] static std::int64_t admin_id(std::uint64_t admin) noexcept;
  [[nodiscard]] std::string admin_name(std::uint64_t admin) const;
  /// What GET /me answers.
  [[nodiscard]] std::string me_json() const;

 private:
  std::uint64_t seed_;
  std::vector<std::string> rendered_;  ///< Empty until asked for.
};

}  // namespace earshot::sandbox
