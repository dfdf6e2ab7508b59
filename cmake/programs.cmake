# What is built from the rooms: the list of test programs that tools/suites.py runs, and the one binary.
get_property(programs GLOBAL PROPERTY LOCKSTEP_TEST_PROGRAMS)
list(JOIN programs "\n" lines)
file(WRITE ${CMAKE_BINARY_DIR}/programs.txt "${lines}\n")

add_executable(lockstep ${CMAKE_SOURCE_DIR}/src/cli/main.cpp)
target_link_libraries(lockstep PRIVATE room_cli room_server room_net room_codec_admin room_base Threads::Threads)
target_precompile_headers(lockstep REUSE_FROM room_base)
