# Configuring, building and cleaning. Every preset of CMakePresets.json builds in build/PRESET.

# configure PRESET: runs CMake when the preset was never configured; ninja re-runs it when its files change.
configure() {
    [ -f "build/$1/build.ninja" ] && return 0
    mkdir -p "build/$1"
    if ! cmake --preset "$1" >"build/$1/configure.log" 2>&1; then
        cat "build/$1/configure.log" >&2
        rm -f "build/$1/build.ninja"
        return 1
    fi
}

# build PRESET [TARGET...]: builds, showing progress on a terminal and only the summary elsewhere.
build() {
    local preset=$1 started=$SECONDS
    shift
    configure "$preset"
    if [ -t 1 ]; then
        ninja -C "build/$preset" -j "$jobs" "$@"
        return
    fi
    echo "Building $preset ..."
    if ! NINJA_STATUS="[%f/%t %es] " ninja -C "build/$preset" -j "$jobs" "$@" >"build/$preset/build.log" 2>&1; then
        grep -vE '^(\[[0-9]+/[0-9]+ |-- |ninja: |ccache )' "build/$preset/build.log" | tail -n 80 >&2
        echo "dev: the $preset build failed; all of it: build/$preset/build.log" >&2
        return 1
    fi
    echo "Built $preset in $((SECONDS - started)) s."
}

do_build() {
    local preset=${1:-release}
    case "$preset" in
    release | asan | tsan | fuzz | dist | plain) ;;
    *)
        echo "dev: no preset '$preset'; there are release, asan, tsan, fuzz, dist and plain." >&2
        exit 2
        ;;
    esac
    need_packages build $([ "$preset" = release ] || [ "$preset" = dist ] || echo test)
    build_web || echo "dev: the web client was not built; the server tells so at its address." >&2
    build "$preset"
}

do_clean() { rm -rf build; }

cxx_sources() { git ls-files --cached --others --exclude-standard 'src/*.cpp' 'src/*.hpp' 'tests/*.cpp' 'tests/*.hpp'; }

do_format() {
    need_packages build test
    cxx_sources | xargs -r clang-format-19 -i
}

# clang-tidy reads the compile database of single files; of the build itself it needs the precompiled header only.
do_lint() {
    need_packages build test
    local failed=0
    cxx_sources | xargs -r clang-format-19 --dry-run --Werror || failed=1
    /usr/bin/python3 tools/check-arrows || failed=1
    /usr/bin/python3 tools/check-size || failed=1
    build plain CMakeFiles/room_base.dir/cmake_pch.hxx.pch || return 1
    git ls-files 'src/*.cpp' | if [ $# -gt 0 ]; then grep -F -e "$1" || true; else cat; fi |
        xargs -r -P "$jobs" -n 4 clang-tidy-19 --quiet -p build/plain 2>build/plain/tidy.log || failed=1
    return $failed
}
