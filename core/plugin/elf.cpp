#include "elf.hpp"

#include <cstring>
#include <type_traits>

#include <fmt/format.h>

namespace earshot::core {
namespace {

constexpr std::size_t kLongestName = 64;
constexpr std::size_t kMostFunctions = 16;

std::optional<std::string_view> slice(std::string_view bytes, std::uint64_t offset,
                                      std::uint64_t size) {
  if (offset > bytes.size() || size > bytes.size() - offset) return std::nullopt;
  return bytes.substr(offset, size);
}

template <typename T>
std::optional<T> load(std::string_view bytes, std::uint64_t offset) {
  static_assert(std::is_trivially_copyable_v<T>);
  const std::optional<std::string_view> source = slice(bytes, offset, sizeof(T));
  if (!source) return std::nullopt;
  T value{};
  std::memcpy(&value, source->data(), sizeof value);
  return value;
}

/// The name at an offset of a string table; empty if it is not there, does not end or is too long.
std::string_view name_at(std::string_view table, std::uint64_t offset) {
  if (offset >= table.size()) return {};
  const std::string_view rest = table.substr(offset, kLongestName + 1);
  const std::size_t end = rest.find('\0');
  return end == std::string_view::npos ? std::string_view{} : rest.substr(0, end);
}

bool is_exported_function(const Elf64_Sym& symbol) {
  const unsigned binding = ELF64_ST_BIND(symbol.st_info);
  return symbol.st_shndx != SHN_UNDEF && ELF64_ST_TYPE(symbol.st_info) == STT_FUNC &&
         (binding == STB_GLOBAL || binding == STB_WEAK);
}

Error not_elf(std::string message) {
  return {.code = Code::bad_data, .message = std::move(message)};
}

}  // namespace

Result<ElfFile> ElfFile::read(std::string_view bytes) {
  if (bytes.empty()) return not_elf("is empty");
  if (!bytes.starts_with(std::string_view(ELFMAG, SELFMAG))) return not_elf("is no ELF file");
  const std::optional<Elf64_Ehdr> header = load<Elf64_Ehdr>(bytes, 0);
  if (!header) return not_elf("is a truncated ELF file");
  if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB) {
    return not_elf("is no 64-bit little-endian ELF file");
  }
  if (header->e_shentsize != sizeof(Elf64_Shdr) ||
      !slice(bytes, header->e_shoff, std::uint64_t{header->e_shnum} * sizeof(Elf64_Shdr))) {
    return not_elf("is a truncated ELF file, or one without a section table");
  }
  return ElfFile(bytes, *header);
}

std::optional<Elf64_Shdr> ElfFile::section_header(std::uint32_t index) const {
  if (index >= header_.e_shnum) return std::nullopt;
  return load<Elf64_Shdr>(bytes_, header_.e_shoff + std::uint64_t{index} * sizeof(Elf64_Shdr));
}

std::optional<std::string_view> ElfFile::content(const Elf64_Shdr& section) const {
  if (section.sh_type == SHT_NOBITS || (section.sh_flags & SHF_COMPRESSED) != 0) {
    return std::nullopt;
  }
  return slice(bytes_, section.sh_offset, section.sh_size);
}

std::optional<std::string_view> ElfFile::section(std::string_view name) const {
  const std::optional<Elf64_Shdr> names_header = section_header(header_.e_shstrndx);
  if (!names_header) return std::nullopt;
  const std::string_view names = content(*names_header).value_or(std::string_view{});
  for (std::uint32_t index = 0; index < header_.e_shnum; ++index) {
    const std::optional<Elf64_Shdr> header = section_header(index);
    if (header && name_at(names, header->sh_name) == name) return content(*header);
  }
  return std::nullopt;
}

std::vector<std::string_view> ElfFile::exported_functions(std::string_view prefix) const {
  std::vector<std::string_view> found;
  for (std::uint32_t index = 0; index < header_.e_shnum; ++index) {
    const std::optional<Elf64_Shdr> table = section_header(index);
    if (!table || table->sh_type != SHT_DYNSYM) continue;
    const std::optional<Elf64_Shdr> names_header = section_header(table->sh_link);
    const std::string_view symbols = content(*table).value_or(std::string_view{});
    const std::string_view names =
        names_header ? content(*names_header).value_or(std::string_view{}) : std::string_view{};
    for (std::uint64_t at = 0; found.size() < kMostFunctions; at += sizeof(Elf64_Sym)) {
      const std::optional<Elf64_Sym> symbol = load<Elf64_Sym>(symbols, at);
      if (!symbol) break;
      const std::string_view name = name_at(names, symbol->st_name);
      if (is_exported_function(*symbol) && name.starts_with(prefix)) found.push_back(name);
    }
    return found;  // a file has one such table; more would only cost time
  }
  return found;
}

std::uint16_t host_machine() noexcept {
#if defined(__x86_64__)
  return EM_X86_64;
#elif defined(__aarch64__)
  return EM_AARCH64;
#else
#error "Earshot's plugins are for x86-64 and aarch64"
#endif
}

std::string machine_name(std::uint16_t machine) {
  switch (machine) {
    case EM_X86_64: return "x86-64";
    case EM_AARCH64: return "aarch64";
    case EM_386: return "x86 (32-bit)";
    case EM_ARM: return "arm (32-bit)";
    case EM_RISCV: return "riscv";
    case EM_PPC64: return "ppc64";
    case EM_S390: return "s390";
    default: return fmt::format("machine {}", machine);
  }
}

}  // namespace earshot::core
