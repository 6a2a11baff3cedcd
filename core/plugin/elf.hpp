#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <elf.h>

#include <earshot/core/base/result.hpp>

namespace earshot::core {

/// What Earshot reads of an ELF64 file, without running any of it. Borrows the bytes and trusts
/// none of them: every offset is checked, and what lies outside the file is not there.
class ElfFile {
 public:
  /// bad_data with what the bytes are instead.
  [[nodiscard]] static Result<ElfFile> read(std::string_view bytes);

  [[nodiscard]] std::uint16_t machine() const noexcept { return header_.e_machine; }
  [[nodiscard]] bool is_shared_object() const noexcept { return header_.e_type == ET_DYN; }

  /// The content of the first section of that name.
  [[nodiscard]] std::optional<std::string_view> section(std::string_view name) const;
  /// Names of exported functions that begin with `prefix`; of at most 64 bytes, at most 16 of them.
  [[nodiscard]] std::vector<std::string_view> exported_functions(std::string_view prefix) const;

 private:
  ElfFile(std::string_view bytes, const Elf64_Ehdr& header) : bytes_(bytes), header_(header) {}
  [[nodiscard]] std::optional<Elf64_Shdr> section_header(std::uint32_t index) const;
  [[nodiscard]] std::optional<std::string_view> content(const Elf64_Shdr& section) const;

  std::string_view bytes_;
  Elf64_Ehdr header_;
};

/// The machine that this host runs on, as e_machine has it.
[[nodiscard]] std::uint16_t host_machine() noexcept;
/// "x86-64", "aarch64"; others by the name they are known by, or their number.
[[nodiscard]] std::string machine_name(std::uint16_t machine);

}  // namespace earshot::core
