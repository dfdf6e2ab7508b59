# Compiler and linker flags of every room. Reasons: docs/decisions/001-compiler.md.
add_compile_options(
  -Wall -Wextra -Wshadow -Wconversion -Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual
  -Wno-missing-designated-field-initializers -Werror=switch -Werror=return-type -Werror=unused-result
  -fstack-protector-strong -fstack-clash-protection -ftrivial-auto-var-init=zero
  -fno-omit-frame-pointer -fPIE)
add_compile_definitions(_GLIBCXX_ASSERTIONS BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED
  BOOST_BEAST_SEPARATE_COMPILATION BOOST_BEAST_USE_STD_STRING_VIEW TOML_HEADER_ONLY=0)
# libstdc++ 12 marks a function deprecated that its own std::stable_sort calls.
add_compile_options(-U__DEPRECATED)
add_link_options(-fuse-ld=lld -pie -Wl,-z,relro -Wl,-z,now -Wl,--gc-sections)
add_compile_options(-ffunction-sections -fdata-sections)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  add_compile_definitions(_FORTIFY_SOURCE=3)
endif()
if(LOCKSTEP_SANITIZE)
  add_compile_options(-fsanitize=${LOCKSTEP_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${LOCKSTEP_SANITIZE})
  # Recycled coroutine frames would hide a use after free.
  add_compile_definitions(BOOST_ASIO_DISABLE_AWAITABLE_FRAME_RECYCLING)
endif()
if(LOCKSTEP_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(LOCKSTEP_LTO)
  add_compile_options(-flto=thin)
  add_link_options(-flto=thin -Wl,--thinlto-jobs=2 -Wl,--thinlto-cache-dir=${CMAKE_BINARY_DIR}/thinlto)
endif()
if(LOCKSTEP_UNITY)
  set(CMAKE_UNITY_BUILD ON)
  set(CMAKE_UNITY_BUILD_BATCH_SIZE 8)
endif()
if(CMAKE_CXX_COMPILER_LAUNCHER MATCHES ccache)
  add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>")
endif()
