// The header needs nothing before it, in C++20, and its types are what the contract says they are.
#include <type_traits>

#include <earshot/abi.h>
#include <earshot/ext/text.h>

static_assert(std::is_trivially_copyable_v<ear_host> && std::is_standard_layout_v<ear_host>);
static_assert(std::is_trivially_copyable_v<ear_plugin> && std::is_standard_layout_v<ear_plugin>);
static_assert(std::is_trivially_copyable_v<ear_request> && std::is_standard_layout_v<ear_request>);
static_assert(std::is_trivially_copyable_v<ear_text> && std::is_standard_layout_v<ear_text>);
static_assert(std::is_same_v<decltype(&ear_entry_v1), ear_entry_fn*>);
static_assert(sizeof(ear_rc) == 4 && sizeof(ear_time) == 8 && sizeof(ear_resp) == 8);
