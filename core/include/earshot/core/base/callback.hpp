#pragma once

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

namespace earshot::core {

template <typename Signature>
class Callback;

/// A function to be called later, moved and never copied, so that it may own what it needs.
/// std::move_only_function of C++23, as far as the core uses it.
template <typename R, typename... Args>
class Callback<R(Args...)> {
 public:
  Callback() = default;
  template <typename F>
  requires(!std::same_as<std::remove_cvref_t<F>, Callback> && std::is_invocable_r_v<R, F&, Args...>)
      Callback(F&& function)
      : target_(std::make_unique<Model<std::remove_cvref_t<F>>>(std::forward<F>(function))) {}

  explicit operator bool() const noexcept { return target_ != nullptr; }

  /// Requires a target.
  R operator()(Args... args) { return target_->call(std::forward<Args>(args)...); }

 private:
  struct Target {
    virtual ~Target() = default;
    virtual R call(Args... args) = 0;
  };
  template <typename F>
  struct Model final : Target {
    template <typename G>
    explicit Model(G&& function) : function_(std::forward<G>(function)) {}
    R call(Args... args) override { return function_(std::forward<Args>(args)...); }
    F function_;
  };

  std::unique_ptr<Target> target_;
};

}  // namespace earshot::core
