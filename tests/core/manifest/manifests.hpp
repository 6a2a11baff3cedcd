#pragma once

#include <ostream>
#include <string>
#include <string_view>

#include <earshot/core/manifest/manifest.hpp>

namespace earshot::core {

/// A whole manifest of an invented product.
inline constexpr std::string_view kAcmeManifest = R"({
  "manifest_version": 1, "name": "acme-desk", "title": "Acme Desk", "version": "1.0.0", "abi": "1.0",
  "vendor_docs": {"url": "https://docs.acme.example/api", "read": "2026-05-01"},
  "needs": ["ear.actions/1"], "provides": ["feedback", "webhooks", "actions"],
  "reads_secrets": ["api_token"], "fiber_safe": true, "idempotency_header": "Idempotency-Key",
  "setup": ["Make a token.", "Copy it."],
  "config": {
    "type": "object", "required": ["subdomain", "region"],
    "properties": {
      "subdomain": {"type": "string", "x-env": "ACME_SUBDOMAIN"},
      "region": {"type": "string", "enum": ["eu", "us"]},
      "email": {"type": "string"},
      "page_size": {"type": "integer", "minimum": 1, "default": 100},
      "client_id": {"type": "string"},
      "client_secret": {"type": "string", "x-secret": true},
      "hook_secret": {"type": "string", "x-secret": true},
      "api_token": {"type": "string", "x-secret": true}
    }
  },
  "endpoints": {
    "api": "https://{subdomain}.acme.example/v2",
    "upload": {"url": "https://files.acme.example", "aliases": ["{subdomain}.cdn.acme.example"],
               "headers": {"Acme-Version": "2026-05-01"}}
  },
  "auth": [
    {"title": "OAuth client", "scheme": "oauth2_client_credentials", "token_url": "{api}/token",
     "token_request": "json", "scope": "read", "requires": ["client_id", "client_secret"]},
    {"title": "API token", "scheme": "basic", "username": "{email}/token", "password": "{api_token}",
     "requires": ["email", "api_token"]}
  ],
  "limits": [
    {"bucket": "account", "requests": 400, "per": "60s",
     "headers": {"remaining": "x-left", "reset": "x-reset", "reset_is": "epoch"}},
    {"bucket": "export", "match": "/v2/export/*", "scope": "integration", "requests": 10, "per": "1m",
     "burst": 5, "status": 503, "per_key": true,
     "headers": {"field": "x-export", "limit": "total", "remaining": "left", "reset": "resets",
                 "per": "10s"}}
  ],
  "errors": [
    {"when": {"status": 200, "at": "/ok", "equals": false}, "code_at": "/error",
     "map": {"invalid_auth": "auth", "slow_down": "rate_limited"}, "message_at": "/error",
     "scope": "account"},
    {"when": {"status": 422, "match": "/v2/export/*", "body_contains": "Too recent"}, "class": "empty"}
  ],
  "cache": [{"match": "/v2/users/*", "ttl": "90m"}],
  "links": {
    "media": {"at": "/url", "hosts": "public", "max_bytes": 1024},
    "upload": {"at": "/upload_url", "hosts": ["*.files.example"], "methods": ["PUT", "POST"]}
  },
  "records": {
    "ticket": {
      "source_id": "/id", "title": "/subject", "content": "/text", "created_at": "/created",
      "url": {"template": "https://{subdomain}.acme.example/{/id}"}
    }
  },
  "webhooks": {
    "signature": {"scheme": "hmac-sha256", "header": "x-signature", "encoding": "base64",
                  "signed": "{header:x-time}{body}", "secret": "hook_secret", "tolerance": "300s"},
    "events": {"ticket.created": "created", "ticket.updated": ["changed", "moved"]}
  },
  "actions": {
    "create_ticket": {"title": "Create a ticket", "retry": "idempotency-key",
                      "params": {"type": "object", "required": ["subject"],
                                 "properties": {"subject": {"type": "string"}}}}
  }
})";

inline void PrintTo(const SchemaIssue& issue, std::ostream* out) {
  *out << issue.path << ": " << issue.message;
}

/// kAcmeManifest with the first `old_text` replaced.
inline std::string acme_with(std::string_view old_text, std::string_view new_text) {
  std::string text(kAcmeManifest);
  const std::size_t at = text.find(old_text);
  return at == std::string::npos ? std::string() : text.replace(at, old_text.size(), new_text);
}

}  // namespace earshot::core
