#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes packages of the release build, into build/packages. docs/packages.md says what is in them and how they install.
#
#   scripts/package.sh [wheel|deb|tar|all] [--no-build]
#   wheel       atelier_studio-VERSION-py3-none-manylinux_2_36_x86_64.whl, which finds LibTorch in the torch wheel
#   deb         atelier_VERSION_amd64.deb, for Debian 12 and 13, with LibTorch's CPU files
#   tar         atelier-VERSION-linux-x86_64.tar.gz, which runs from any folder
#   all         the three (unless told)
#   --no-build  package what is built already
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$ROOT/packaging/parts.sh"

kinds=() with_build=yes
while [ $# -gt 0 ]; do
    case "$1" in
        wheel | deb | tar) kinds+=("$1") ;;
        all) kinds=(wheel deb tar) ;;
        --no-build) with_build=no ;;
        -h | --help) sed -n '3,11s/^# \{0,1\}//p' "$0"; exit 0 ;;
        *) die "package.sh: unknown option $1" ;;
    esac
    shift
done
[ ${#kinds[@]} -gt 0 ] || kinds=(wheel deb tar)

missing="$(missing_packages packaging.txt)"
[ -z "$missing" ] || die "please install what packages are made with: apt-get install $missing"
if [ "$with_build" = yes ]; then
    ATELIER_LIBTORCH="${ATELIER_LIBTORCH:+$(readlink -m "$ATELIER_LIBTORCH")}"
    export ATELIER_LIBTORCH
    bash "$ROOT/scripts/setup.sh" >&2
    build release atelier >&2
fi
[ -x "$ROOT/build/release/bin/atelier-main" ] || die "build/release/bin/atelier-main is not there; leave --no-build out."

export PATH="$DEPS/tools/bin:$PATH"
out="$ROOT/build/packages" work="$ROOT/build/packages-work"
mkdir -p "$out" "$work"
version="$(sed -n 's/^CMAKE_PROJECT_VERSION:STATIC=//p' "$ROOT/build/release/CMakeCache.txt")"
[ -n "$version" ] || die "build/release/CMakeCache.txt names no version."

packaging_tools
export PATH="$work/venv/bin:$PATH"
bash "$ROOT/packaging/build_ffmpeg.sh" "$work/ffmpeg" >&2
bash "$ROOT/packaging/build_imgcodecs.sh" "$work/imgcodecs" >&2
say "collecting the program and its libraries"
make_tree "$work/tree"
for kind in "${kinds[@]}"; do
    . "$ROOT/packaging/$kind.sh"
    "make_$kind"
done
