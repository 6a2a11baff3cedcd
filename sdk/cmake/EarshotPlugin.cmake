# earshot_add_plugin(name [SOURCES file...] [LANGUAGE CXX|C] [MANIFEST file] [OUTPUT_DIRECTORY dir])
#
# Builds the plugin name.so, which exports ear_entry_v1 and nothing else and carries its manifest in an ELF section.
#
#   SOURCES           default: name.cpp, or name.c with LANGUAGE C
#   LANGUAGE          CXX (default): over the C++ SDK; the manifest's text is `earshot_manifest_text`.
#                     C: over earshot/abi.h alone; the generated earshot_manifest.h declares what the text is.
#   MANIFEST          default: manifest.json beside the CMakeLists.txt
#   OUTPUT_DIRECTORY  default: plugins/ in the project's build directory
#
# A folder cassettes/ is copied to name.cassettes/ beside the plugin. Where tests are built, test/CMakeLists.txt is added, and
# the test conform.name has `earshot conform --strict` judge a plugin that has cassettes, unless EARSHOT_SANITIZE names
# sanitizers: these ask of the system and the heap what the plugin does not.

function(earshot_add_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "LANGUAGE;MANIFEST;OUTPUT_DIRECTORY" "SOURCES")
  if(NOT arg_LANGUAGE)
    set(arg_LANGUAGE CXX)
  endif()
  set(extension_of_CXX cpp)
  set(extension_of_C c)
  set(extension ${extension_of_${arg_LANGUAGE}})
  if(NOT arg_SOURCES)
    set(arg_SOURCES ${name}.${extension})
  endif()
  if(NOT arg_MANIFEST)
    set(arg_MANIFEST ${CMAKE_CURRENT_SOURCE_DIR}/manifest.json)
  endif()
  if(NOT arg_OUTPUT_DIRECTORY)
    set(arg_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/plugins)
  endif()

  add_library(${name} MODULE ${arg_SOURCES})
  earshot_plugin_manifest(${name} ${arg_MANIFEST} ${extension})
  earshot_plugin_linking(${name})
  set_target_properties(${name} PROPERTIES PREFIX "" LIBRARY_OUTPUT_DIRECTORY ${arg_OUTPUT_DIRECTORY})
  # The host refuses files and directories that others may write, whatever the umask here.
  add_custom_command(TARGET ${name} POST_BUILD
    COMMAND chmod go-w $<TARGET_FILE:${name}> $<TARGET_FILE_DIR:${name}> VERBATIM)

  if(IS_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/cassettes)
    earshot_plugin_cassettes(${name} ${CMAKE_CURRENT_SOURCE_DIR}/cassettes ${arg_OUTPUT_DIRECTORY}/${name}.cassettes)
    if(BUILD_TESTING AND NOT EARSHOT_SANITIZE)
      earshot_plugin_conformance(${name})
    endif()
  endif()
  if(BUILD_TESTING AND EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/test/CMakeLists.txt)
    add_subdirectory(test)
  endif()
endfunction()

# The program is the tree's own, or the one that is installed beside this file or found on the PATH; without one there is
# no such test.
function(earshot_plugin_conformance target)
  if(NOT EARSHOT_EXECUTABLE)
    find_program(EARSHOT_EXECUTABLE earshot HINTS ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../../../bin)
  endif()
  if(EARSHOT_EXECUTABLE)
    add_test(NAME conform.${target} COMMAND ${EARSHOT_EXECUTABLE} conform $<TARGET_FILE:${target}> --strict)
  else()
    message(STATUS "${target} is not judged: no program `earshot` was found; name it as EARSHOT_EXECUTABLE")
  endif()
endfunction()

# earshot_add_unit_test(plugin SOURCES file...)
#
# The program plugin_unit_test: the sources together with the plugin's own code, which earshot/sdk/testing.hpp runs.
# CTest starts it with the plugin's folder cassettes/ as its argument. What else it takes, such as a test framework,
# is linked to it as to any target.

function(earshot_add_unit_test plugin)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES")
  set(test ${plugin}_unit_test)
  add_executable(${test} ${arg_SOURCES} $<TARGET_OBJECTS:${plugin}>)
  target_link_libraries(${test} PRIVATE earshot::sdk)
  earshot_plugin_flags(${test})
  get_target_property(folder ${plugin} SOURCE_DIR)
  add_test(NAME ${plugin}.UnitTest COMMAND ${test} ${folder}/cassettes)
  set_tests_properties(${plugin}.UnitTest PROPERTIES TIMEOUT 60)  # of a loop without an end
endfunction()

# How the project compiles its own code, where it says so.
function(earshot_plugin_flags target)
  foreach(flags IN ITEMS earshot::warnings earshot::sanitizers)
    if(TARGET ${flags})
      target_link_libraries(${target} PRIVATE ${flags})
    endif()
  endforeach()
endfunction()

# Adds the source that holds the manifest, made again whenever the manifest changes.
function(earshot_plugin_manifest target manifest extension)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${manifest})
  file(READ ${manifest} json)
  string(JSON manifest_name ERROR_VARIABLE problem GET "${json}" name)
  if(problem)
    message(FATAL_ERROR "${manifest}: ${problem}; `earshot manifest lint` tells more.")
  endif()
  earshot_plugin_required("${json}" manifest_required)
  file(READ ${manifest} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," manifest_bytes "${hex}")
  string(REGEX REPLACE "('.....,'.....,'.....,'.....,'.....,'.....,'.....,'.....,)" "\\1\n    " manifest_bytes
         "${manifest_bytes}")

  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${target}.manifest)
  set(source ${folder}/earshot_manifest.${extension})
  configure_file(${CMAKE_CURRENT_FUNCTION_LIST_DIR}/earshot_manifest.${extension}.in ${source} @ONLY)
  if(extension STREQUAL "c")
    configure_file(${CMAKE_CURRENT_FUNCTION_LIST_DIR}/earshot_manifest.h ${folder}/earshot_manifest.h COPYONLY)
    target_include_directories(${target} PRIVATE ${folder})
  endif()
  # A sanitizer would put its own bytes behind the manifest's, inside the section.
  set_source_files_properties(${source} PROPERTIES COMPILE_OPTIONS -fno-sanitize=all)
  target_sources(${target} PRIVATE ${source})
endfunction()

# The members that the config schema requires, as they stand there, joined by commas.
function(earshot_plugin_required json out)
  set(names "")
  string(JSON count ERROR_VARIABLE none LENGTH "${json}" config required)
  if(NOT none AND count GREATER 0)
    math(EXPR last "${count} - 1")
    foreach(index RANGE ${last})
      string(JSON member GET "${json}" config required ${index})
      list(APPEND names ${member})
    endforeach()
  endif()
  list(JOIN names "," joined)
  set(${out} "${joined}" PARENT_SCOPE)
endfunction()

# One exported symbol, nothing shared with other plugins, nothing left to be found at run time.
function(earshot_plugin_linking target)
  target_link_libraries(${target} PRIVATE earshot::sdk)
  earshot_plugin_flags(${target})
  set(script ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.map)
  set_target_properties(${target} PROPERTIES
    POSITION_INDEPENDENT_CODE ON C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LINK_DEPENDS ${script})
  target_compile_options(${target} PRIVATE
    -ffunction-sections -fdata-sections $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>)
  target_link_options(${target} PRIVATE -Wl,--version-script=${script} -Wl,--gc-sections)
  if(NOT EARSHOT_SANITIZE)
    target_link_options(${target} PRIVATE -Wl,-z,defs)
  endif()
endfunction()

function(earshot_plugin_cassettes target from to)
  file(GLOB cassettes CONFIGURE_DEPENDS ${from}/*)
  set(stamp ${CMAKE_CURRENT_BINARY_DIR}/${target}.cassettes.stamp)
  add_custom_command(OUTPUT ${stamp}
    COMMAND ${CMAKE_COMMAND} -E rm -rf ${to}
    COMMAND ${CMAKE_COMMAND} -E copy_directory ${from} ${to}
    COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
    DEPENDS ${cassettes} VERBATIM)
  add_custom_target(${target}_cassettes ALL DEPENDS ${stamp})
  add_dependencies(${target} ${target}_cassettes)
endfunction()
