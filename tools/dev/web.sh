# The web client: its packages, and its files for the server to embed.

# need_node: a node of 18 or later, Debian's when there is none.
need_node() {
    local version
    version=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/')
    if [ "${version:-0}" -lt 18 ] || ! command -v npm >/dev/null; then
        need_packages web
    fi
}

# build_web: builds web/dist when a source is newer than it.
build_web() {
    [ -f web/package.json ] || return 0
    local stamp=web/dist/index.html
    if [ -f "$stamp" ] && [ -z "$(find web/src web/lang web/static web/build.mjs web/package-lock.json -newer "$stamp" -print -quit)" ]; then
        return 0
    fi
    need_node
    echo "Building the web client ..."
    if [ ! -d web/node_modules ] || [ web/package-lock.json -nt web/node_modules/.package-lock.json ]; then
        npm ci --prefix web --no-audit --no-fund --silent || return 1
    fi
    (cd web && npm run --silent check && node build.mjs)
}
