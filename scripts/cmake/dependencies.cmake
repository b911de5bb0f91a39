# Everything comes from Debian packages that scripts/setup installs; nothing is downloaded by the build.
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(CURL 7.88 REQUIRED)
find_package(fmt 9 REQUIRED)
find_package(CLI11 2 REQUIRED)
find_package(tomlplusplus 3 REQUIRED)
find_package(GTest 1.12 REQUIRED)
find_package(benchmark 1.7 REQUIRED)
find_path(HIREDIS_INCLUDE_DIR hiredis/async.h REQUIRED)
find_library(HIREDIS_LIBRARY hiredis REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(ZLIB 1.2 REQUIRED)
pkg_check_modules(BROTLI REQUIRED IMPORTED_TARGET libbrotlidec libbrotlienc)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(NGHTTP2 REQUIRED IMPORTED_TARGET libnghttp2)
pkg_check_modules(MOSQUITTO REQUIRED IMPORTED_TARGET libmosquitto)  # tests only
find_path(WEBSOCKETPP_INCLUDE_DIR websocketpp/server.hpp REQUIRED)

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # The second word lets it keep what was compiled with precompiled headers.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()

# Asio, Beast and Boost.JSON are header libraries; each is compiled once, here, and linked everywhere.
add_library(pushlab_boost STATIC ${PROJECT_SOURCE_DIR}/scripts/cmake/boost_asio.cpp
                                 ${PROJECT_SOURCE_DIR}/scripts/cmake/boost_json.cpp)
add_library(pushlab::boost ALIAS pushlab_boost)
target_compile_definitions(pushlab_boost PUBLIC
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION)
target_link_libraries(pushlab_boost PUBLIC Boost::headers Threads::Threads)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # ThreadSanitizer does not know the fences that Asio uses, and g++ says so a hundred times.
  target_compile_options(pushlab_boost PUBLIC -Wno-tsan)
endif()

# The content codings that browsers offer.
add_library(pushlab_codings INTERFACE)
add_library(pushlab::codings ALIAS pushlab_codings)
target_link_libraries(pushlab_codings INTERFACE ZLIB::ZLIB PkgConfig::BROTLI PkgConfig::ZSTD)
