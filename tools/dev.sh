#!/usr/bin/env bash
# The commands of ./dev. Each lives in tools/dev/*.sh; this file names them and picks one.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

# ccache must see through the precompiled header and fresh checkouts; its folder is the user's usual one.
export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
jobs=${LOCKSTEP_JOBS:-2}

source tools/dev/packages.sh
source tools/dev/build.sh
source tools/dev/web.sh
source tools/dev/run.sh
source tools/dev/test.sh

help() {
    cat <<'TEXT'
usage: ./dev COMMAND

  run              build, make sample data on the first start, and serve on loopback ports
  test             build with sanitizers and run every suite; last line: N passed, N failed
  test-all         the same with long fuzz runs, every crash point and a build without unity
  build [PRESET]   build one preset: release (default), asan, tsan, fuzz, dist
  bench [NAME]     measure the release build: fill, unchanged, parked, push, smtp, a room's NAME_bench, short; all of them
  fuzz [NAME [S]]  list the fuzzers, or run one for S seconds (60); its corpus is kept
  lint             clang-tidy, formatting, room arrows and file sizes
  format           format every C++ source in place
  clean            remove build/ (the sample data in run/ stays)
  help             this list
TEXT
}

command=${1:-help}
[ $# -gt 0 ] && shift
case "$command" in
run | test | bench | fuzz | lint | format | clean | build) "do_$command" "$@" ;;
test-all) do_test_all "$@" ;;
help | -h | --help) help ;;
*)
    echo "dev: there is no command '$command'; './dev help' lists them." >&2
    exit 2
    ;;
esac
