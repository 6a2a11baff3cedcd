#pragma once

/// What the kit's host and its real one note of a visit.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "conformance/rig.hpp"

namespace earshot::conformance {

/// What this thread took of the processor.
[[nodiscard]] core::Micros processor_time();

/// Takes everything, keeps cursors for as long as the visit.
class Visit::Notebook final : public core::Sink, public core::SecretSink {
 public:
  explicit Notebook(Deeds& deeds) : deeds_(deeds) {}

  void emit(const core::Emission& emission, Done<core::EmissionCounts> done) override {
    for (const core::JsonValue item : emission.items) {
      const std::string json = item.exists() ? item.dump() : std::string();
      deeds_.emitted.push_back(std::string(emission.mapping) + " " + json);
      deeds_.items.push_back({std::string(emission.mapping), json, emission.computed});
    }
    for (const core::ComputedField& field : emission.computed)
      deeds_.emitted.push_back(field.name + " " + field.value);
    done(core::EmissionCounts{.taken = emission.items.size()});
  }
  void known(std::string_view /*mapping*/, std::vector<std::string> ids,
             const std::vector<std::string>& /*versions*/,
             Done<std::vector<core::Known>> done) override {
    done(std::vector<core::Known>(ids.size(), core::Known::fresh));
  }
  void checkpoint(std::string stream, std::string cursor, Done<void> done) override {
    deeds_.cursors.push_back(stream + " " + cursor);
    cursors_[std::move(stream)] = std::move(cursor);
    done({});
  }
  std::string cursor(const std::string& stream) override { return cursors_[stream]; }
  void problem(std::string /*stream*/, const core::Error& /*error*/) override {}
  void total(std::uint64_t /*items*/) override {}
  [[nodiscard]] bool closed() const override { return false; }
  void put(std::string /*name*/, core::Secret /*value*/, std::optional<core::Time> /*expires*/,
           core::Callback<void(core::Result<void>)> done) override {
    done({});
  }

 private:
  Deeds& deeds_;
  std::map<std::string, std::string> cursors_;
};

}  // namespace earshot::conformance
