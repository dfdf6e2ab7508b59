# The web client's files become part of the server. `web/build.mjs` makes them; LOCKSTEP_WEB_DIR takes ready ones.
set(LOCKSTEP_WEB_DIR "${CMAKE_SOURCE_DIR}/web/dist" CACHE PATH "folder with the built web client")
file(GLOB_RECURSE web_files CONFIGURE_DEPENDS ${LOCKSTEP_WEB_DIR}/*)
set(web_source ${CMAKE_BINARY_DIR}/web_files.cpp)
add_custom_command(
  OUTPUT ${web_source}
  COMMAND ${CMAKE_COMMAND} -DFOLDER=${LOCKSTEP_WEB_DIR} -DOUT=${web_source} -P ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
  DEPENDS ${web_files} ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
  COMMENT "Embedding the web client" VERBATIM)
target_sources(room_protocols_web PRIVATE ${web_source})
# Link-time optimization would drop what only assembler names.
set_source_files_properties(${web_source} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON COMPILE_OPTIONS -fno-lto)
