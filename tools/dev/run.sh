# ./dev run: a server with sample data on loopback ports, in the foreground; Ctrl-C stops it.

do_run() {
    need_packages build
    build_web || echo "dev: the web client was not built; the server tells so at its address." >&2
    build release lockstep
    local bin=build/release/lockstep data=${LOCKSTEP_DATA:-run} host=${LOCKSTEP_HOST:-127.0.0.1}
    if [ ! -e "$data/demo.txt" ]; then
        # What an interrupted first start left is made anew; anything else in that folder is somebody's data.
        if [ -n "$(ls -A "$data" 2>/dev/null)" ] && [ ! -e "$data/demo.txt.new" ]; then
            echo "dev: $data holds something else than sample data; name another folder in LOCKSTEP_DATA." >&2
            exit 1
        fi
        echo "Making sample data in $data/ ..."
        rm -rf "${data:?}"
        mkdir -p "$data"
        "$bin" --data "$data" demo >"$data/demo.txt.new"
        mv "$data/demo.txt.new" "$data/demo.txt"
    fi
    local name=$host
    [ "$host" = 0.0.0.0 ] && name=$(hostname -I 2>/dev/null | awk '{ print $1 }')
    cat <<TEXT

  Lockstep with sample data in $data/
    Web    http://127.0.0.1:8080   (or https://$name:8443)
    HTTPS  https://$name:8443   (ActiveSync, Autodiscover; self-signed certificate)
    HTTP   http://127.0.0.1:8080    SMTP  $name:2525

$(sed 's/^/  /' "$data/demo.txt")

  iPhone: Settings > Apps > Mail > Mail Accounts > Add Account > Microsoft Exchange > Configure Manually
    Email anna@example.org   Server $name:8443   Domain (empty)   Username anna@example.org
    and accept the certificate. A phone needs an address it can reach: LOCKSTEP_HOST=0.0.0.0 ./dev run
    Step by step: docs/clients/iphone.md                                          Ctrl-C stops.

TEXT
    exec "$bin" --data "$data" serve --set "listen.https=$host:8443" --set listen.http=127.0.0.1:8080 \
        --set "listen.smtp=$host:2525" --set "listen.imaps=$host:9993" --set "listen.imap=$host:1143" --set "listen.submission=$host:2587" --set "listen.submissions=$host:2465" \
        --set domain.default=example.org "$@"
}
