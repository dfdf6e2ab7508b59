# ./dev test, test-all, fuzz and bench.

# test_build PRESET: a build that fails is one failed suite.
test_build() {
    build "$1" && return 0
    echo "0 passed, 1 failed"
    exit 1
}

do_test() {
    need_packages build test
    build_web || echo "dev: the web client was not built; the server tells so at its address." >&2
    test_build asan
    local release=()
    if [ -f src/cli/main.cpp ]; then
        test_build release
        release=(--release build/release)
    fi
    /usr/bin/python3 tools/suites.py --build build/asan "${release[@]}" "$@"
}

do_test_all() {
    need_packages build test
    test_build plain
    LOCKSTEP_TEST_ALL=1 LOCKSTEP_LONG=1 do_test --all "$@"
}

# A fuzzer is known by its source: src/codec/mime/parse_fuzz.cpp is codec_mime_parse.
do_fuzz() {
    need_packages build test
    local name=${1:-} seconds=${2:-60}
    if [ -z "$name" ]; then
        git ls-files --cached --others --exclude-standard 'src/*_fuzz.cpp' | sed -e 's,^src/,,' -e 's,_fuzz\.cpp$,,' -e 's,/,_,g'
        return 0
    fi
    name=${name#fuzz_}
    name=${name%_fuzz}
    case "$seconds" in '' | *[!0-9]*)
        echo "dev: '$seconds' is no number of seconds." >&2
        exit 2
        ;;
    esac
    build fuzz "fuzz_${name}_fuzz" || return 1
    local kept=build/fuzz/corpus/$name
    mkdir -p "$kept" "tests/corpus/$name" build/fuzz/found
    "build/fuzz/fuzz_${name}_fuzz" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
        -artifact_prefix="build/fuzz/found/$name-" -print_final_stats=1 "$kept" "tests/corpus/$name"
    rmdir --ignore-fail-on-non-empty "tests/corpus/$name"
}

do_bench() {
    need_packages build test bench
    build release || return 1
    /usr/bin/python3 tools/suites.py --build build/release --bench "${1:-}"
}
