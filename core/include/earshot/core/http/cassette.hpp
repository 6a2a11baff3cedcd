#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <earshot/core/base/result.hpp>
#include <earshot/core/http/transport.hpp>
#include <earshot/core/runtime/loop.hpp>

namespace earshot::core {

/// A recorded exchange: what was asked and what came back.
struct CassetteEntry {
  std::string method = "GET";
  std::string target = "/";  ///< path and query; the host does not matter
  HttpResponse response{};
  std::string request_body{};  ///< What was sent, where the recording has it as text.
  std::optional<Time> at{};    ///< When it was asked, where the recording tells.
};

/// Reads a HAR 1.2 file: of every entry of log.entries the request's method, url and posted text,
/// when it was asked, and the response's status, headers and content (text, or base64 where its
/// encoding says so). Headers about the framing of the recorded bytes are left out, since the
/// content is plain. bad_data names the entry that cannot be used.
[[nodiscard]] Result<std::vector<CassetteEntry>> load_cassette(const std::filesystem::path& path);
/// The same of a text in memory; `name` stands in messages.
[[nodiscard]] Result<std::vector<CassetteEntry>> parse_cassette(std::string har,
                                                                const std::string& name);

/// Answers from recorded exchanges. A request is answered by the first unused entry of its method,
/// path and query (parameters in any order), or by the last of them once all are used; without one
/// it fails with Code::network, not sent. [one thread at a time] of its loop.
class CassetteTransport final : public Transport {
 public:
  CassetteTransport(Loop& loop, std::vector<CassetteEntry> entries);
  ~CassetteTransport() override;
  [[nodiscard]] std::unique_ptr<Exchange> send(HttpRequest request, Done done) override;

  /// Every request so far, in order. For the loop's thread, or when nothing is under way.
  [[nodiscard]] const std::vector<HttpRequest>& request_log() const noexcept { return log_; }
  /// Entries that no request has asked for, as "GET /path", in order.
  [[nodiscard]] std::vector<std::string> unused() const;

 private:
  struct Slot;
  [[nodiscard]] TransportResult answer(const HttpRequest& request);

  Loop& loop_;
  std::vector<Slot> slots_;
  std::vector<HttpRequest> log_;
};

}  // namespace earshot::core
