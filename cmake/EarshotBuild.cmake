# How everything in the tree is compiled: one place for language, warnings, sanitizers and tests.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)

find_program(EARSHOT_CCACHE ccache)
if(EARSHOT_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${EARSHOT_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${EARSHOT_CCACHE})
endif()

set(EARSHOT_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")

add_library(earshot_warnings INTERFACE)
add_library(earshot::warnings ALIAS earshot_warnings)
target_compile_options(earshot_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
  $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor -Woverloaded-virtual>
  # g++ 12 takes "text" + std::string for an overlapping copy when it optimizes (GCC bug 105329).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)

add_library(earshot_sanitizers INTERFACE)
add_library(earshot::sanitizers ALIAS earshot_sanitizers)
if(EARSHOT_SANITIZE)
  target_compile_options(earshot_sanitizers INTERFACE
    -fsanitize=${EARSHOT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(earshot_sanitizers INTERFACE -fsanitize=${EARSHOT_SANITIZE})
  if(EARSHOT_SANITIZE MATCHES "thread")  # which knows no fences; the locks beside them do
    target_compile_definitions(earshot_sanitizers INTERFACE BOOST_ASIO_DISABLE_FENCED_BLOCK)
  endif()
endif()

# earshot_add_module(name SOURCES ... [LINK public...] [PRIVATE private...]): one folder of the core.
function(earshot_add_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK;PRIVATE")
  add_library(earshot_core_${name} STATIC ${arg_SOURCES})
  add_library(earshot::core_${name} ALIAS earshot_core_${name})
  target_include_directories(earshot_core_${name} PUBLIC ${PROJECT_SOURCE_DIR}/core/include)
  target_link_libraries(earshot_core_${name}
    PUBLIC ${arg_LINK}
    PRIVATE ${arg_PRIVATE} earshot::warnings earshot::sanitizers)
endfunction()

# earshot_add_test(name SOURCES ... [LINK ...]): a GoogleTest program, one CTest entry a test case.
function(earshot_add_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK")
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(${name}
    PRIVATE ${arg_LINK} GTest::gmock_main earshot::warnings earshot::sanitizers)
  set_target_properties(${name} PROPERTIES CXX_CLANG_TIDY "")
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60)
endfunction()

# earshot_add_plugin_test(plugin SOURCES file...): plugin_test, which knows the plugin's folder and its built file.
function(earshot_add_plugin_test plugin)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES")
  earshot_add_test(${plugin}_test SOURCES ${arg_SOURCES} LINK earshot::core)
  target_compile_definitions(${plugin}_test PRIVATE
    PLUGIN_FOLDER="${CMAKE_CURRENT_SOURCE_DIR}/.." PLUGIN_FILE="$<TARGET_FILE:${plugin}>")
  add_dependencies(${plugin}_test ${plugin})
endfunction()

# earshot_embed(name file out): a source whose function earshot::core::name() gives the file's text.
function(earshot_embed name file out)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(READ ${file} text)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT [[#include <string_view>

namespace earshot::core {

std::string_view @name@() noexcept;

namespace {

constexpr std::string_view kText = R"embedded(@text@)embedded";

}  // namespace

std::string_view @name@() noexcept { return kText; }

}  // namespace earshot::core
]])
  set(${out} ${source} PARENT_SCOPE)
endfunction()
