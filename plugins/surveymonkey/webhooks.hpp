#pragma once

/// Webhooks at SurveyMonkey, of which each has one kind of event and a URL of its own.

#include <string_view>

#include <earshot/sdk/integration.hpp>

namespace earshot::plugins {

/// However often it is called: one webhook for each kind of event that the configured statuses
/// need, delivering to URL/EVENT_TYPE for the chosen surveys. `state` is what was last reported.
[[nodiscard]] sdk::Result<sdk::Webhook> register_webhooks(sdk::Call& call, std::string_view url,
                                                          const sdk::Value& state);

}  // namespace earshot::plugins
