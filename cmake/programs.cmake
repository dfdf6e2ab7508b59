# What is built from the rooms: the list of test programs that tools/suites.py runs, and the one binary.
get_property(programs GLOBAL PROPERTY LOCKSTEP_TEST_PROGRAMS)
list(JOIN programs "\n" lines)
file(WRITE ${CMAKE_BINARY_DIR}/programs.txt "${lines}\n")
