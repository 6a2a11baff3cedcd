#include <system_error>

#include <fmt/format.h>
#include <sys/stat.h>

#include <earshot/core/base/digest.hpp>
#include <earshot/core/base/file.hpp>
#include <earshot/core/base/text.hpp>
#include <earshot/core/vault/vault.hpp>

#include "cipher.hpp"

namespace earshot::core {
namespace {

constexpr std::string_view kFormat = "v1:";
constexpr std::size_t kWrappedSize = kNonceSize + kKeySize + kTagSize;
constexpr std::uint64_t kLargestKeyFile = 4096;
constexpr std::string_view kKeyForms = "64 hex digits or the base64 of 32 bytes";

std::optional<Secret> parse_key(std::string_view text) {
  std::optional<std::string> bytes = hex_decode(trim(text));
  if (!bytes || bytes->size() != kKeySize) bytes = base64_decode(trim(text));
  if (!bytes || bytes->size() != kKeySize) return std::nullopt;
  return Secret(std::move(*bytes));
}

Error file_error(const std::filesystem::path& path, std::string_view what) {
  return {.code = Code::config, .message = fmt::format("key file {}: {}", path.string(), what)};
}

Result<void> check_private(const std::filesystem::path& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return file_error(path, "cannot be read; check its owner");
  if ((found.st_mode & (S_IRWXG | S_IRWXO)) == 0) return {};
  return file_error(path, fmt::format("others may read it; run `chmod 600 {}`", path.string()));
}

Result<Secret> read_key(const std::filesystem::path& path) {
  EAR_CHECK(check_private(path));
  EAR_TRY(std::string text, read_file(path, kLargestKeyFile));
  const Secret content(std::move(text));
  std::optional<Secret> key = parse_key(content.reveal());
  if (key) return std::move(*key);
  return file_error(path, fmt::format("does not hold {}; restore it from a backup, for without it "
                                      "the stored secrets cannot be read",
                                      kKeyForms));
}

/// Makes the key file unless another process was faster: its name appears with its content.
Result<void> make_key(const std::filesystem::path& path) {
  const std::filesystem::path part = path.string() + "." + hex_encode(random_bytes(8));
  const Secret text(hex_encode(random_bytes(kKeySize)) + "\n");
  EAR_CHECK(write_file(part, text.reveal(), 0600));
  std::error_code failure;
  std::filesystem::create_hard_link(part, path, failure);
  std::error_code ignored;
  std::filesystem::remove(part, ignored);
  if (!failure || failure == std::errc::file_exists) return {};
  return file_error(path, fmt::format("cannot be made ({}); make it by hand with "
                                      "`openssl rand -hex 32`, or set EARSHOT_MASTER_KEY",
                                      failure.message()));
}

/// What binds a secret to its place.
std::string context_of(std::int64_t integration, std::string_view name) {
  return fmt::format("earshot secret {} {}", integration, name);
}

}  // namespace

Result<Vault> Vault::open(const std::filesystem::path& data_dir,
                          const std::optional<Secret>& master_key) {
  if (master_key) {
    std::optional<Secret> key = parse_key(master_key->reveal());
    if (key) return Vault(std::move(*key));
    return Error{.code = Code::config,
                 .message = fmt::format("EARSHOT_MASTER_KEY: must be {}; make one with "
                                        "`openssl rand -hex 32`",
                                        kKeyForms)};
  }
  const std::filesystem::path path = data_dir / "master.key";
  std::error_code failure;
  if (!std::filesystem::exists(path, failure)) {
    EAR_CHECK(make_private_directory(data_dir));
    EAR_CHECK(make_key(path));
  }
  EAR_TRY(Secret key, read_key(path));
  return Vault(std::move(key));
}

std::string Vault::seal(std::int64_t integration, std::string_view name,
                        const Secret& secret) const {
  const std::string context = context_of(integration, name);
  const Secret data_key(random_bytes(kKeySize));
  std::string sealed = encrypt(key_.reveal(), context, data_key.reveal());
  sealed += encrypt(data_key.reveal(), context, secret.reveal());
  return std::string(kFormat) + base64_encode(sealed);
}

Result<Secret> Vault::unseal(std::int64_t integration, std::string_view name,
                             std::string_view sealed) const {
  const Error refused{
      .code = Code::bad_data,
      .message = fmt::format("secret {}: does not open with this master key; restore the key that "
                             "it was stored with, or enter the credentials again",
                             name)};
  if (sealed.substr(0, kFormat.size()) != kFormat) return refused;
  const std::optional<std::string> bytes = base64_decode(sealed.substr(kFormat.size()));
  if (!bytes || bytes->size() < kWrappedSize) return refused;
  const std::string context = context_of(integration, name);
  const std::string_view parts = *bytes;
  std::optional<std::string> data_key =
      decrypt(key_.reveal(), context, parts.substr(0, kWrappedSize));
  if (!data_key) return refused;
  const Secret inner(std::move(*data_key));
  std::optional<std::string> text = decrypt(inner.reveal(), context, parts.substr(kWrappedSize));
  if (!text) return refused;
  return Secret(std::move(*text));
}

}  // namespace earshot::core
