#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs each package of build/packages in a bare Debian 12 and a bare Debian 13, starts the program there (--version,
# info, render, walk, the studio in a display of its own with a click), removes it again and compares what is left with
# what was there before. The two roots lie in build/package-roots and are kept between runs. Only as root.
#
#   scripts/package-test.sh [deb|tar|wheel|uv]... [--root bookworm|trixie]
#   deb, tar, wheel   only those (otherwise all); wheel: pip in a plain venv
#   uv                the wheel by 'uv tool install'
#   --root NAME       only in that Debian (otherwise in both)
#   --skip-without    packages that haven't been made are skipped; 77 where there are none
{ # read whole before it runs: it takes minutes, and may be edited meanwhile
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$ROOT/packaging/parts.sh"

kinds=() roots=() skip_without=no
while [ $# -gt 0 ]; do
    case "$1" in
        deb | tar | wheel | uv) kinds+=("$1") ;;
        --root)
            case "${2:-}" in bookworm | trixie) roots+=("$2") ;; *) die "--root needs bookworm or trixie." ;; esac
            shift ;;
        --skip-without) skip_without=yes ;;
        -h | --help) sed -n '3,13s/^# \{0,1\}//p' "$0"; exit 0 ;;
        *) die "package-test.sh: unknown option $1" ;;
    esac
    shift
done
[ ${#kinds[@]} -gt 0 ] || kinds=(deb tar wheel uv)
[ ${#roots[@]} -gt 0 ] || roots=(bookworm trixie)

skip() { say "skipped: $*"; exit 77; }
[ "$(id -u)" = 0 ] || skip "only root can make and enter another root."
unshare --mount --pid --fork true 2>/dev/null || skip "this machine lets nobody make a mount namespace."
command -v debootstrap >/dev/null || skip "debootstrap is not installed."
out="$ROOT/build/packages" folder="$ROOT/build/package-roots"
newest() { { ls -t "$out"/$1 2>/dev/null || true; } | head -n 1; }
deb="$(newest 'atelier_*_amd64.deb')" tar="$(newest 'atelier-*-linux-x86_64.tar.gz')" wheel="$(newest 'atelier_studio-*.whl')"
made=()
for kind in "${kinds[@]}"; do
    case "$kind" in deb) file="$deb" ;; tar) file="$tar" ;; *) file="$wheel" ;; esac
    if [ -n "$file" ]; then
        made+=("$kind")
    elif [ "$skip_without" = no ]; then
        die "there is no $kind package in build/packages; scripts/package.sh makes it."
    fi
done
[ ${#made[@]} -gt 0 ] || skip "no package has been made; scripts/package.sh makes them."
kinds=("${made[@]}")
mkdir -p "$folder/wheels"

# As the machine's own apt reaches Debian.
mirror="$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Codename: bookworm' | head -n 1)"
[ -n "$mirror" ] || die "apt knows no mirror of Debian 12."

# A bare system with the display and the tools of the test, but nothing that a package should bring or ask for.
make_root() {
    local root="$folder/$1"
    [ ! -e "$root/.atelier-ready" ] || return 0
    say "making a bare $1"
    if [ ! -x "$root/usr/bin/apt-get" ] || [ -e "$root/debootstrap" ]; then
        rm -rf "$root"
        debootstrap --variant=minbase "$1" "$root" "$mirror" >"$folder/$1.log" 2>&1 || die "debootstrap failed; see $folder/$1.log"
    fi
    entered "$root" 'apt-get -q update && apt-get -q install -y --no-install-recommends xvfb xauth xdotool python3-venv' \
        >>"$folder/$1.log" 2>&1 || die "the display could not be installed; see $folder/$1.log"
    touch "$root/.atelier-ready"
}

# entered FOLDER COMMANDS: with that as the root, with /proc, /dev and the network of this machine, and nothing else of it.
entered() {
    cp -L /etc/resolv.conf "$1/etc/resolv.conf" 2>/dev/null || true
    unshare --mount --pid --fork bash -ec "$prepared"'
        mount -t proc proc "$root/proc"
        mount --rbind /dev "$root/dev" && mount --make-rslave "$root/dev"
        mount -t tmpfs tmpfs "$root/tmp"
        mkdir -p "$root/tmp/packages" "$root/tmp/wheels" "$root/tmp/test"
        mount --bind -o ro "$2" "$root/tmp/packages"
        mount --bind -o ro "$3" "$root/tmp/wheels"
        mount --bind "$4" "$root/tmp/test"
        exec chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
            LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive PIP_DISABLE_PIP_VERSION_CHECK=1 bash -ec "$5"
    ' sh "$1" "$out" "$folder/wheels" "$exchange" "$2"
}
prepared='root="$1";'

# inside ROOT COMMANDS: the same on a layer over that root, which keeps it bare; $layer has what was written so far.
inside() {
    prepared="root='$layer/root'; mount -t overlay overlay -o 'lowerdir=$folder/$1,upperdir=$layer/upper,workdir=$layer/work' \"\$root\";" \
        entered "$folder/$1" "$2"
}
new_layer() {
    layer="$folder/layer-$1"
    rm -rf "$layer"
    mkdir -p "$layer"/{upper,work,root}
}

# What the test fetches once: torch without the libraries for a GPU, as scripts/setup.sh has it, and uv.
fetch_wheels() { # fetch_wheels ROOT
    local package python=3.11 glibc platforms=(--platform manylinux2014_x86_64) stamp="$folder/wheels/.fetched-$1"
    [ "$1" = bookworm ] || python=3.13
    [ ! -e "$stamp" ] || return 0
    for glibc in $(seq 34 -1 12); do platforms+=(--platform "manylinux_2_${glibc}_x86_64"); done
    for package in $(list libtorch.txt) uv; do
        python3 -m pip download --quiet --no-deps --only-binary=:all: --python-version "$python" "${platforms[@]}" \
            -d "$folder/wheels" "$package" || die "pip could not fetch $package."
    done
    touch "$stamp"
}

. "$ROOT/packaging/test_kinds.sh"

failed=0 passed=0
for root in "${roots[@]}"; do
    exchange="$folder/exchange-$root"
    rm -rf "$exchange"
    mkdir -p "$exchange"
    cp "$ROOT/packaging/test_inside.sh" "$exchange/"
    make_root "$root"
    for kind in "${kinds[@]}"; do
        case "$kind" in wheel | uv) fetch_wheels "$root" ;; esac
        new_layer "$root"
        if "test_$kind" "$root" >"$folder/$kind-$root.log" 2>&1 && [ -z "$(left_over "$kind" "$root")" ]; then
            passed=$((passed + 1))
            say "$kind in $root: $(tail -n 1 "$folder/$kind-$root.log")"
        else
            failed=$((failed + 1))
            say "$kind in $root FAILED; $folder/$kind-$root.log ends with:"
            tail -n 15 "$folder/$kind-$root.log" | sed 's/^/    /'
            left_over "$kind" "$root" | sed -n '1,20s/^/    left: /p'
        fi
        rm -rf "$layer"
    done
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] || exit 1
exit 0
}
