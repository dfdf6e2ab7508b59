# The rooms and their arrows, as in ARCHITECTURE.md. A room links what it may include, nothing else.
room(base LIBS OpenSSL::Crypto PkgConfig::SODIUM fmt)
target_precompile_headers(room_base PRIVATE ${CMAKE_SOURCE_DIR}/src/base/pch.hpp)
# The base library brings its own libraries to whoever links it: no other room names OpenSSL or libsodium.
target_link_libraries(room_base INTERFACE fmt OpenSSL::Crypto PkgConfig::SODIUM)

room(net ROOMS base LIBS OpenSSL::SSL OpenSSL::Crypto z)

room(codec/mime ROOMS base LIBS PkgConfig::ICU)
if(LOCKSTEP_TESTS)
  # GMime is the second opinion of one test and never part of the server.
  pkg_check_modules(GMIME gmime-3.0)
  if(GMIME_FOUND)
    # Its -pthread is left out: the precompiled header was made without.
    target_include_directories(codec_mime_test SYSTEM PRIVATE ${GMIME_INCLUDE_DIRS})
    target_link_libraries(codec_mime_test PRIVATE ${GMIME_LINK_LIBRARIES})
    target_compile_definitions(codec_mime_test PRIVATE LOCKSTEP_HAS_GMIME)
  endif()
endif()
room(codec/smtp ROOMS base)
room(codec/proof ROOMS codec/mime base)
room(codec/sieve ROOMS codec/mime base)
room(codec/imap ROOMS codec/mime base)
room(codec/wbxml ROOMS base)
room(codec/ical ROOMS base LIBS PkgConfig::ICAL)
room(codec/vcard ROOMS codec/ical base)
room(codec/eas ROOMS codec/wbxml codec/ical codec/vcard codec/mime base)
set(CODECS codec/proof codec/sieve codec/imap codec/eas codec/wbxml codec/vcard codec/ical codec/mime codec/smtp)

room(model ROOMS base)
room(store ROOMS model base LIBS PkgConfig::SQLITE PkgConfig::ZSTD)
if(LOCKSTEP_TESTS)
  # The failing disk and the crash tests: never part of the server.
  room(store/testing ROOMS store model base LIBS PkgConfig::SQLITE)
endif()
room(sync ROOMS store model base)
room(directory ROOMS store model ${CODECS} base)
room(office ROOMS sync directory store model ${CODECS} base)

# Mail to and from the world: the queue, names, and what proves a sender.
room(mailflow ROOMS office sync directory store model net codec/json ${CODECS} base LIBS unbound psl PkgConfig::ICU OpenSSL::Crypto)

# Administration: its lines, its door, and the command that speaks them.
room(codec/admin ROOMS base LIBS boost_json)
room(codec/autodiscover ROOMS base)
room(codec/json ROOMS base LIBS boost_json)
room(codec/jscontact ROOMS codec/vcard codec/json base)
room(codec/jscalendar ROOMS codec/ical codec/mime codec/json base)
room(protocols/activesync ROOMS office sync directory store model net ${CODECS} base)
room(protocols/smtp ROOMS office sync directory store model net codec/mime codec/smtp base)
room(protocols/imap ROOMS office sync directory store model net ${CODECS} base)
room(protocols/admin ROOMS office sync directory model codec/admin ${CODECS} net base)
room(protocols/autodiscover ROOMS directory store model codec/autodiscover net base)
room(protocols/jmap ROOMS office sync directory store model net codec/jscontact codec/jscalendar codec/json ${CODECS} base)
room(protocols/web ROOMS office sync directory store model net codec/json ${CODECS} base)
room(server ROOMS protocols/web protocols/imap protocols/jmap codec/json protocols/activesync protocols/smtp protocols/autodiscover protocols/admin codec/admin mailflow office sync directory store model net ${CODECS} base)
set_source_files_properties(${CMAKE_SOURCE_DIR}/src/server/version.cpp PROPERTIES COMPILE_DEFINITIONS LOCKSTEP_VERSION="${PROJECT_VERSION}")
set_source_files_properties(${CMAKE_SOURCE_DIR}/src/server/config_toml.cpp PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
room(cli ROOMS server codec/admin net base)
if(LOCKSTEP_BENCH)
  # The benchmarks of the running server: they fill a store through the office and are its clients then.
  room(bench ROOMS server protocols/activesync protocols/smtp protocols/autodiscover protocols/admin codec/admin mailflow office sync directory store model net ${CODECS} base LIBS OpenSSL::SSL OpenSSL::Crypto)
  room_program(lockstep_bench SOURCES ${CMAKE_SOURCE_DIR}/src/bench/main.cpp LIBS room_bench room_server room_base)
  target_precompile_headers(lockstep_bench REUSE_FROM room_base)
endif()
