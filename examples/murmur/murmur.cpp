/// Murmur, an invented product: one board of notes a team, read by position.

#include <string>
#include <utility>

#include <earshot/sdk/integration.hpp>

namespace {

using earshot::sdk::Account, earshot::sdk::Call, earshot::sdk::FetchRequest, earshot::sdk::Page,
    earshot::sdk::Result;

class Murmur final : public earshot::sdk::BaseIntegration {
 public:
  Result<Account> authenticate(Call& call) override {
    EAR_TRY(const Page me, call.get("/v1/me"));
    EAR_TRY(std::string id, me.text("/id"));
    return Account{.id = std::move(id), .name = me.text_or("/name", "")};
  }

  Result<void> fetch_feedback(Call& call, const FetchRequest& /*request*/) override {
    EAR_TRY(std::string after, call.cursor());
    if (after.empty()) after = "0";
    for (;;) {
      EAR_TRY(const Page page,
              call.get(earshot::sdk::path("/v1/notes", {{"after", after}, {"limit", "100"}})));
      EAR_CHECK(call.emit_page(page, "/notes", "note"));
      EAR_TRY(const bool more, page.flag("/more"));
      EAR_TRY(after, page.text("/after"));
      EAR_CHECK(call.checkpoint(after));
      if (!more) return {};
    }
  }
};

}  // namespace

EARSHOT_PLUGIN(Murmur)
