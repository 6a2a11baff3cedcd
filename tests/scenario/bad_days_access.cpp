/// Credentials, addresses and certificates.

#include <chrono>

#include "bad_days.hpp"

namespace earshot::scenario {

namespace {

constexpr const char* kOther = "feedback.example.com";

Fault with_access(std::string config, std::string credentials) {
  return {
      .strike = [config = std::move(config), credentials = std::move(credentials)](BadDays& day) {
        day.write_config({.config = config, .credentials = credentials});
        return day.run({"sync"});
      }};
}

Fault with_way(const char* title) {
  return {.strike = [title](BadDays& day) {
    const Access way = day.access(title);
    day.write_config({.config = way.config, .credentials = way.credentials});
    return day.run({"sync"});
  }};
}

Fault with_address(std::string base_url) {
  return {.strike = [base_url = std::move(base_url)](BadDays& day) {
    day.write_config({.http = "{max_retries: 0}", .base_url = base_url});
    return day.run({"sync"});
  }};
}

core::SelfSigned certificate_for(const std::string& host, core::Micros lifetime) {
  auto made = core::make_self_signed(host, lifetime);
  EXPECT_TRUE(made);
  return made ? *std::move(made) : core::SelfSigned{};
}

/// A product behind TLS; `trusted` puts its certificate into the configuration as ca_file.
Fault with_certificate(std::string host, core::Micros lifetime, bool trusted, bool by_name) {
  return {.strike = [=](BadDays& day) {
    const core::SelfSigned made = certificate_for(host, lifetime);
    std::string url = day.serve_answer({.status = 200, .headers = {}, .body = "{}"}, made);
    if (by_name) url.replace(url.find("127.0.0.1"), 9, "localhost");
    day.write_file("ca.pem", made.certificate_pem);
    day.write_config(
        {.http = trusted ? "{max_retries: 0, tls: {ca_file: ca.pem}}" : "{max_retries: 0}",
         .base_url = url});
    return day.run({"sync"});
  }};
}

}  // namespace

Faults access_faults() {
  using std::chrono::hours;
  return {
      {"wrong credentials", with_access("", R"({"api_token": "no-such-token-anywhere"})")},
      {"credentials without the permission", with_way("API token of an agent, who may not export")},
      {"credentials that expired",
       {.strike =
            [](BadDays& day) {
              day.write_config({.config = day.access("OAuth access token").config,
                                .credentials = R"({"access_token": "expired-token-0123456789"})"});
              return day.run({"sync"});
            }}},
      {"Intercom: wrong credentials", with_access("", R"({"access_token": "no-such-token"})")},
      {"Intercom: credentials that were revoked", with_way("Access token that was revoked")},
      {"Intercom: credentials without the permission",
       with_way("Access token that may not read conversations")},
      {"SurveyMonkey: wrong credentials",
       with_access("{}", R"({"access_token": "no-such-token"})")},
      {"SurveyMonkey: credentials that expired", with_way("Access token that expired")},
      {"SurveyMonkey: credentials without the permission",
       with_way("Access token without the scope responses_read_detail")},
      {"a host that there is not", with_address("https://feedback.invalid")},
      {"nobody answers at the address", with_address("http://127.0.0.1:9")},
      {"a certificate for another name", with_certificate(kOther, hours(24), true, true)},
      {"a certificate that has expired", with_certificate(kOther, -hours(1), true, false)},
      {"a certificate of an unknown authority", with_certificate(kOther, hours(24), false, false)},
      {"a ca_file that there is not",
       {.strike =
            [](BadDays& day) {
              const std::string url = day.serve_answer({.status = 200, .headers = {}, .body = "{}"},
                                                       certificate_for(kOther, hours(24)));
              day.write_config(
                  {.http = "{max_retries: 0, tls: {ca_file: absent.pem}}", .base_url = url});
              return day.run({"sync"});
            }}},
  };
}

}  // namespace earshot::scenario
