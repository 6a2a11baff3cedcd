#pragma once

/// The plugin with credentials that do not exist, over its cassettes.

#include <gmock/gmock.h>

#include "plugin/recorded_run.hpp"

namespace earshot::core {

class ZendeskRun : public RecordedRun {
 protected:
  ZendeskRun()
      : RecordedRun(
            {{"subdomain", "acme"}, {"email", "me@example.com"}, {"api_token", "invented-token"}}) {
  }
};

}  // namespace earshot::core
