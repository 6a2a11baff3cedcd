#pragma once

/// What an operation of a plugin did, for tests.

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include <earshot/sdk/result.hpp>

namespace earshot::sdk::testing {

/// A request as the plugin made it. The host adds the base of the endpoint and the credentials.
struct Sent {
  std::string method;
  std::string target;  ///< Path and query.
  std::string body;    ///< Of its first part.
};

/// One item handed over to be mapped.
struct Item {
  std::string mapping;
  std::string json;                           ///< Without spaces; empty where there is none.
  std::map<std::string, std::string> fields;  ///< What the plugin worked out itself.
  bool tombstone = false;
};

struct Checkpoint {
  std::string stream;
  std::string cursor;
  std::size_t items = 0;  ///< Emitted before it, of this operation.
};

/// What one operation came to.
struct Outcome {
  Code code = Code::ok;
  std::string message{};  ///< Why it failed, in the plugin's words or the host's.
  std::vector<Sent> requests{};
  std::vector<Item> items{};
  std::vector<Checkpoint> checkpoints{};
  std::map<std::string, std::string> reports{};   ///< account_id, hook_id, ...
  std::map<std::string, std::string> secrets{};   ///< What secret_put stored.
  std::map<std::string, std::string> problems{};  ///< Messages by stream.
  std::vector<std::string> unused{};              ///< Exchanges that no request asked for.
};

}  // namespace earshot::sdk::testing
