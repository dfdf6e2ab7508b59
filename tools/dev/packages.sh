# Installs the Debian packages that a command needs: those of tools/packages.txt that are missing.

# need_packages COLUMN...: makes sure that every package of these columns is there. Never asks a question.
need_packages() {
    if ! command -v dpkg-query >/dev/null; then
        echo "dev: this is no Debian system; packages wanted: tools/packages.txt" >&2
        return 0
    fi
    local wanted missing
    wanted=$(awk -v columns=" $* " '$0 !~ /^#/ && NF >= 2 && index(columns, " " $1 " ") { print $2 }' tools/packages.txt | sort -u)
    missing=$(comm -23 <(echo "$wanted") <(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' | awk '$1 == "ii" { print $2 }' | sort -u))
    [ -z "$missing" ] && return 0
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "dev: install these packages as root, then try again:" $missing >&2
            exit 1
        fi
        as_root=(sudo)
    fi
    echo "Installing Debian packages:" $missing
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive sh -s -- $missing <<'ROOT'
set -e
# No service may start by being installed (postfix is wanted for its load generator only).
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    printf '#!/bin/sh\nexit 101\n' >$policy
    chmod 755 $policy
fi
case " $* " in
*" postfix "*) echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections ;;
esac
apt-get -qq update </dev/null
apt-get -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 install "$@" </dev/null
ROOT
}
