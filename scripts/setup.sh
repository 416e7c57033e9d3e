#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Brings everything Atelier is built with: Debian packages (extern/debian.txt), CMake and Ninja,
# LibTorch, the network that `atelier metrics` compares pictures by, and a CUDA compiler where there
# is an NVIDIA driver but no nvcc 13. Does nothing when all is there. Everything but the Debian
# packages goes into .deps/ inside the checkout.
#
#   scripts/setup.sh [--yes]      --yes: use sudo without asking
#   ATELIER_LIBTORCH=PATH         use this torch folder instead of fetching one
#   ATELIER_CUDA=AUTO|ON|OFF      AUTO (default): with CUDA where nvcc 13 or an NVIDIA driver is
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

YES=no
for arg in "$@"; do
    case "$arg" in
        --yes | -y) YES=yes ;;
        -h | --help) sed -n '3,11s/^# \{0,1\}//p' "$0"; exit 0 ;;
        *) die "setup.sh: unknown option $arg" ;;
    esac
done

[ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] || die "Atelier is built on x86-64 Linux; this is $(uname -s) on $(uname -m)."

install_debian_packages() {
    local package missing=() as=()
    if ! command -v dpkg-query >/dev/null; then
        say "not a Debian system: the packages of extern/debian.txt must be there under their names here."
        return
    fi
    local have
    have="$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' 2>/dev/null | sed -n 's/ installed$//p')"
    for package in $(list debian.txt); do
        grep -qxF "$package" <<<"$have" || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0

    local sentence="please install these Debian packages: apt-get install ${missing[*]}"
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || die "$sentence"
        if [ "$YES" = yes ]; then
            as=(sudo -n)
        elif [ -t 0 ]; then
            say "these Debian packages are missing: ${missing[*]}"
            local answer
            read -r -p "atelier: install them with sudo apt-get? [Y/n] " answer
            case "$answer" in '' | [Yy]*) as=(sudo) ;; *) die "$sentence" ;; esac
        else
            die "$sentence"
        fi
    fi
    say "installing Debian packages: ${missing[*]}"
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600)
    "${as[@]}" "${apt[@]}" update </dev/null || say "apt-get update had trouble; going on with the lists at hand."
    "${as[@]}" "${apt[@]}" install -y --no-install-recommends "${missing[@]}" </dev/null ||
        die "apt-get failed; $sentence"
}

PYTHON=
find_pip() {
    local p
    for p in python3 /usr/bin/python3; do
        if "$p" -m pip --version >/dev/null 2>&1; then PYTHON="$p"; return; fi
    done
    die "pip for Python 3 is needed to fetch LibTorch: please install python3-pip."
}

# fetch FOLDER PACKAGE==VERSION...: has pip unpack what FOLDER lacks. An interrupted run leaves at most
# a .new folder, which the next one throws away: the stamp is written last.
fetch() {
    local folder="$1" stamp="$1/.atelier-packages" package missing=(); shift
    for package in "$@"; do
        grep -qxF "$package" "$stamp" 2>/dev/null && continue
        missing+=("$package")
        # Another version of it is there: leave no mixture behind.
        if grep -q "^${package%%==*}==" "$stamp" 2>/dev/null; then
            say "renewing $folder: ${package} replaces an older version."
            rm -rf "$folder"
            fetch "$folder" "$@"
            return
        fi
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    [ -n "$PYTHON" ] || find_pip
    say "fetching ${missing[*]}"
    rm -rf "$folder.new" "$DEPS/tmp"
    mkdir -p "$DEPS/tmp"
    # The platform is named, so the machine's own Python version does not matter.
    # pip unpacks under TMPDIR first, and /tmp may be too small for torch.
    local glibc platforms=(--platform manylinux2014_x86_64 --platform manylinux2010_x86_64)
    for glibc in $(seq 28 -1 12); do platforms+=(--platform "manylinux_2_${glibc}_x86_64"); done
    TMPDIR="$DEPS/tmp" "$PYTHON" -m pip install --quiet --disable-pip-version-check \
        --root-user-action=ignore --no-warn-script-location --no-compile \
        --target "$folder.new" --no-deps --only-binary=:all: --python-version 3.11 "${platforms[@]}" \
        "${missing[@]}" </dev/null || die "pip could not fetch ${missing[*]}; check the network and run this again."
    rm -rf "$DEPS/tmp"
    if [ -d "$folder" ] && [ -f "$stamp" ]; then
        cp -a "$folder.new/." "$folder/"
        rm -rf "$folder.new"
    else
        rm -rf "$folder"
        mv "$folder.new" "$folder"
    fi
    printf '%s\n' "${missing[@]}" >>"$stamp"
}

install_tools() {
    fetch "$DEPS/tools" $(list tools.txt)
    # pip's own bin/cmake is a Python script; the programs themselves are beside it.
    local tool
    for tool in cmake ctest cpack; do
        [ -L "$DEPS/tools/bin/$tool" ] || ln -sf "../cmake/data/bin/$tool" "$DEPS/tools/bin/$tool"
    done
}

# The lib folder of a CUDA 13 toolkit with a compiler, if the machine has one.
find_toolkit() {
    local nvcc top
    for nvcc in "${CUDACXX:-}" "${CUDA_PATH:-}/bin/nvcc" "${CUDA_HOME:-}/bin/nvcc" \
        "$(command -v nvcc || true)" /usr/local/cuda/bin/nvcc /usr/local/cuda-13*/bin/nvcc; do
        [ -x "$nvcc" ] || continue
        "$nvcc" --version 2>/dev/null | grep -q 'release 13\.' || continue
        # It may be a script that calls the real one; that one tells where it is.
        top="$("$nvcc" --dryrun -x cu -c /dev/null 2>&1 | sed -n 's/^#\$ TOP=//p')"
        top="$(readlink -f "${top:-$(dirname "$(dirname "$(readlink -f "$nvcc")")")}")"
        if [ -d "$top/lib64" ]; then echo "$top/lib64"; else echo "$top/lib"; fi
        return
    done
}

has_driver() {
    [ -e /proc/driver/nvidia/version ] || [ -e /dev/nvidiactl ] || [ -e /dev/dxg ] || nvidia-smi -L >/dev/null 2>&1
}

install_cuda_compiler() {
    fetch "$DEPS/cuda" $(list cuda-compiler.txt)
    local home="$DEPS/cuda/nvidia/cu13"
    chmod +x "$home"/bin/* "$home"/bin/*/* "$home"/nvvm/bin/* 2>/dev/null || true
    # What a toolkit has and the packages lack.
    [ -e "$home/lib64" ] || ln -s lib "$home/lib64"
    [ -e "$home/lib/libcudart.so" ] || ln -s libcudart.so.13 "$home/lib/libcudart.so"
}

# The libraries that libtorch_cuda looks for, beyond what torch's folder and the toolkit have.
# Each round can bring in libraries that want more.
install_cuda_libraries() {
    local torch="$1" toolkit="$2" missing soname package wanted
    for _ in 1 2 3; do
        missing="$(LD_LIBRARY_PATH="$toolkit" ldd "$torch"/lib/libtorch_cuda*.so | awk '/not found/ { print $1 }' | sort -u)"
        # Opened by name at run time only, so ldd does not tell.
        [ -e "$toolkit/libnvrtc.so.13" ] || missing+=" libnvrtc.so.13"
        wanted=
        while read -r soname package; do
            grep -qwF -- "$soname" <<<"$missing" && wanted+=" $package"
        done < <(list libtorch-cuda.txt)
        [ -n "$wanted" ] || return 0
        fetch "$DEPS/libtorch" $(tr ' ' '\n' <<<"$wanted" | sort -u)
    done
}

main() {
    install_debian_packages
    mkdir -p "$DEPS"
    # Two of these at once in one checkout would pull the folder from under each other.
    exec 8>"$DEPS/lock"
    command -v flock >/dev/null && { flock -n 8 || { say "another setup is running here; waiting."; flock 8; }; }
    install_tools
    # Nothing else needs it: without, `atelier metrics` says how it can be had, and its tests are skipped.
    (fetch "$DEPS/features" $(list features.txt)) || say "going on without it."

    local mode="${ATELIER_CUDA:-AUTO}" toolkit
    case "$mode" in AUTO | ON | OFF) ;; *) die "ATELIER_CUDA is '$mode'; it must be AUTO, ON or OFF." ;; esac
    toolkit=
    if [ "$mode" != OFF ]; then
        toolkit="$(find_toolkit)"
        if [ -z "$toolkit" ] && { [ "$mode" = ON ] || has_driver; }; then
            install_cuda_compiler
            toolkit="$DEPS/cuda/nvidia/cu13/lib"
        fi
    fi

    if [ -n "${ATELIER_LIBTORCH:-}" ]; then
        [ -e "$ATELIER_LIBTORCH/lib/libtorch_cpu.so" ] || [ -e "$ATELIER_LIBTORCH/torch/lib/libtorch_cpu.so" ] ||
            die "ATELIER_LIBTORCH=$ATELIER_LIBTORCH has no lib/libtorch_cpu.so; name the folder that holds include/ and lib/."
        return
    fi
    fetch "$DEPS/libtorch" $(list libtorch.txt)
    [ -z "$toolkit" ] || install_cuda_libraries "$DEPS/libtorch/torch" "$toolkit"
}

main
