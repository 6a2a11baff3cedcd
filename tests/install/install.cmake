# Uses what is installed, and that alone.
#
#   cmake -D CASE=<which> -D PREFIX=<where it is installed> -D ROOT=<source tree> -D BUILD=<build tree> -D C=<compiler>
#         -D CXX=<compiler> -P tests/install/install.cmake
cmake_minimum_required(VERSION 3.25)

# Nothing of the one who runs this helps to find anything.
foreach(variable IN ITEMS CMAKE_PREFIX_PATH Earshot_DIR Earshot_ROOT CPATH C_INCLUDE_PATH CPLUS_INCLUDE_PATH CFLAGS CXXFLAGS
        PKG_CONFIG_PATH BUILD_TESTING)
  unset(ENV{${variable}})
endforeach()
set(ENV{PATH} "${PREFIX}/bin:$ENV{PATH}")

execute_process(COMMAND mktemp -d OUTPUT_VARIABLE work OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)

macro(fail text)
  file(REMOVE_RECURSE ${work})
  message(FATAL_ERROR "${CASE}: ${text}")
endmacro()

# Runs a command; `said` is what it printed, on both ways out.
macro(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE said ERROR_VARIABLE said WORKING_DIRECTORY ${work})
  if(NOT result EQUAL 0)
    fail("${ARGN} ended with ${result}:\n${said}")
  endif()
endmacro()

macro(wants text)
  string(FIND "${said}" "${text}" at)
  if(at EQUAL -1)
    fail("'${text}' is missing in:\n${said}")
  endif()
endmacro()

# Builds a project against what is installed, runs its tests, the kit among them, and looks at the library.
macro(build_project name)
  run(${CMAKE_COMMAND} -S ${work}/${name} -B ${work}/build -G Ninja -D CMAKE_PREFIX_PATH=${PREFIX}
      -D CMAKE_C_COMPILER=${C} -D CMAKE_CXX_COMPILER=${CXX}
      -D CMAKE_EXPORT_COMPILE_COMMANDS=ON)
  file(READ ${work}/build/compile_commands.json commands)
  string(REPLACE "${PREFIX}" "" commands "${commands}")
  if(commands MATCHES "${ROOT}")
    fail("it is compiled with something of ${ROOT}:\n${commands}")
  endif()
  run(${CMAKE_COMMAND} --build ${work}/build)
  run(${CMAKE_CTEST_COMMAND} --test-dir ${work}/build --no-tests=error --output-on-failure)
  judge(${work}/build/plugins/${name}.so ${name})
endmacro()

macro(build_example name)
  run(cp -rL ${ROOT}/examples/${name} ${work}/${name})
  build_project(${name})
endmacro()

# What `earshot new` writes, and what it says of itself.
macro(build_new name)
  run(earshot new ${name} ${ARGN})
  wants("README.md says what to replace")
  build_project(${name})
  run(earshot manifest lint ${work}/${name}/manifest.json)
endmacro()

# The library keeps to what plugins may be, and the program takes it.
function(judge file name)
  run(nm -D --defined-only ${file})
  string(STRIP "${said}" symbols)
  if(NOT symbols MATCHES "^[0-9a-f]+ T ear_entry_v1$")
    fail("it exports more than ear_entry_v1:\n${said}")
  endif()
  run(readelf -d ${file})
  string(REGEX MATCHALL "NEEDED[^\n]*\\[[^]]*" needed "${said}")
  foreach(library IN LISTS needed)
    if(NOT library MATCHES "\\[(libstdc\\+\\+|libgcc_s|libm|libc|ld-linux[a-z0-9-]*)\\.so")
      fail("it needs more than the standard library: ${library}")
    endif()
  endforeach()
  cmake_path(GET file PARENT_PATH folder)
  run(earshot plugins show ${name} --plugin-dir ${folder})
  wants("may reach:")
  run(earshot probe-plugin ${file})
endfunction()

# Made once for all the others.
macro(case_installation)
  file(REMOVE_RECURSE ${PREFIX})
  run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${PREFIX} --strip)
endmacro()

# It may be copied anywhere: no text in it says where it was made, or of what.
macro(case_moves)
  execute_process(COMMAND grep -rlIF ${ROOT} ${PREFIX} OUTPUT_VARIABLE said)
  if(said)
    fail("these name a folder of ${ROOT}:\n${said}")
  endif()
endmacro()

macro(case_plugin_in_cpp)
  build_example(murmur)
endmacro()

macro(case_plugin_in_c)
  build_example(murmur-c)
endmacro()

macro(case_new_in_cpp)
  build_new(call)  # which is what the SDK calls something else
endmacro()

macro(case_new_in_c)
  build_new(acme-c --lang c --dir acme-c)
endmacro()

macro(case_pkg_config)
  set(ENV{PKG_CONFIG_PATH} ${PREFIX}/share/pkgconfig)
  run(pkg-config --cflags earshot)
  string(STRIP "${said}" flags)
  separate_arguments(flags UNIX_COMMAND "${flags}")
  file(MAKE_DIRECTORY ${work}/plugins)
  run(${C} -std=c11 -shared -fPIC -fvisibility=hidden ${flags} ${ROOT}/tests/abi/v1_0/frozen.c -o
      ${work}/plugins/frozen.so)
  run(chmod go-w ${work}/plugins/frozen.so ${work}/plugins)
  judge(${work}/plugins/frozen.so frozen)
endmacro()

macro(case_another_version)
  file(WRITE ${work}/newer/CMakeLists.txt
    "cmake_minimum_required(VERSION 3.25)\nproject(newer LANGUAGES NONE)\nfind_package(Earshot 999.0 REQUIRED)\n")
  execute_process(COMMAND ${CMAKE_COMMAND} -S ${work}/newer -B ${work}/build -G Ninja -D CMAKE_PREFIX_PATH=${PREFIX}
    RESULT_VARIABLE result OUTPUT_QUIET ERROR_VARIABLE said)
  if(result EQUAL 0)
    fail("version 999.0 was found")
  endif()
  wants("requested version \"999.0\"")
endmacro()

macro(case_programs)
  run(${PREFIX}/bin/earshot plugins)
  wants("${PREFIX}/lib/earshot/plugins/zendesk.so")
  if(said MATCHES "refused")
    fail("an installed plugin is refused:\n${said}")
  endif()
  foreach(file IN ITEMS bin/earshot-sandbox lib/earshot/plugins/zendesk.cassettes/first_run.har
          share/earshot/earshot.schema.json share/doc/earshot/LICENSE share/doc/earshot/docs/reference/contract.md)
    if(NOT EXISTS ${PREFIX}/${file})
      fail("${file} is not installed")
    endif()
  endforeach()
endmacro()

cmake_language(CALL case_${CASE})
file(REMOVE_RECURSE ${work})
