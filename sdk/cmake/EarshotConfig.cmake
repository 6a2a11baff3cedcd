# find_package(Earshot) gives earshot::sdk, the headers, and earshot_add_plugin(), in the tree as where it is installed.
if(NOT TARGET earshot::sdk)
  include(${CMAKE_CURRENT_LIST_DIR}/EarshotTargets.cmake)
endif()
include(${CMAKE_CURRENT_LIST_DIR}/EarshotPlugin.cmake)
