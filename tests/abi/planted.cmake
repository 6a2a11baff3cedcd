# Proves that layout.cmake can fail, and that it lets appending pass.
#
#   cmake -D INCLUDE=<folder with earshot/abi.h> -D C=<compiler> -D WORK=<scratch folder> -P tests/abi/planted.cmake
cmake_minimum_required(VERSION 3.25)

# Checks a copy of the headers in which `from` stands as `to`.
macro(check_with from to)
  file(REMOVE_RECURSE ${WORK})
  file(COPY ${INCLUDE}/earshot DESTINATION ${WORK}/include)
  file(READ ${WORK}/include/earshot/abi.h text)
  string(REPLACE "${from}" "${to}" changed "${text}")
  if(changed STREQUAL text)
    message(FATAL_ERROR "nothing to change: '${from}'")
  endif()
  file(WRITE ${WORK}/include/earshot/abi.h "${changed}")
  execute_process(COMMAND ${CMAKE_COMMAND} -D INCLUDE=${WORK}/include -D C=${C} -D WORK=${WORK}
    -P ${CMAKE_CURRENT_LIST_DIR}/layout.cmake RESULT_VARIABLE result ERROR_VARIABLE said)
endmacro()

function(refuses what from to)
  check_with("${from}" "${to}")
  if(result EQUAL 0 OR NOT said MATCHES "abi: [0-9]+ against what was released")
    message(SEND_ERROR "not refused: ${what}; said: ${said}")
  endif()
endfunction()

function(allows what from to)
  check_with("${from}" "${to}")
  if(NOT result EQUAL 0)
    message(SEND_ERROR "refused without a reason: ${what}; said: ${said}")
  endif()
endfunction()

refuses("another order" "uint32_t node;\n  uint32_t kind;" "uint32_t kind;\n  uint32_t node;")
refuses("a member in between" "ear_rc rc;      /*" "uint64_t more;\n  ear_rc rc;      /*")
refuses("a member that is gone" "  uint64_t waited_ms; /*" "  /*")
refuses("a member of another size" "uint64_t limit;" "uint32_t limit;")
refuses("another name" "uint64_t outside;" "uint64_t beyond;")
refuses("a value that grows and was frozen" "ear_str key;\n  ear_str value;\n} ear_pair" "ear_str key;\n  ear_str value;\n  uint64_t more;\n} ear_pair")
refuses("another number" "EAR_CONFLICT = 20" "EAR_CONFLICT = 21")
refuses("a code that is gone" "EAR_YIELDED = 19, /*" "/*")

allows("a function behind the others"
  "ear_rc (*secret_put)(ear_call*, ear_str name, ear_str value, ear_time expires);"
  "ear_rc (*secret_put)(ear_call*, ear_str name, ear_str value, ear_time expires);\n  ear_rc (*later)(ear_call*);")
allows("a code behind the others" "EAR_CONFLICT = 20" "EAR_CONFLICT = 20, EAR_LATER = 21")
