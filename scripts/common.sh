# SPDX-License-Identifier: Apache-2.0
# Sourced by the other scripts: where things are, how they speak, how they build.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
DEPS="$ROOT/.deps"

say() { printf '%s\n' "atelier: $*"; }
die() { printf '%s\n' "atelier: $*" >&2; exit 1; }

# The lines of a list in extern/, without comments.
list() { sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$ROOT/extern/$1"; }

# Jobs to build with: one a core, but a torch source may take 2.5 GB to compile.
jobs_for_memory() {
    if [ -n "${ATELIER_JOBS:-}" ]; then echo "$ATELIER_JOBS"; return; fi
    local kb limit jobs cores
    kb="$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo 2>/dev/null)"
    limit="$(cat /sys/fs/cgroup/memory.max 2>/dev/null || true)"
    case "$limit" in '' | max | *[!0-9]*) ;; *) [ $((limit / 1024)) -lt "${kb:-0}" ] && kb=$((limit / 1024)) ;; esac
    cores="$(nproc 2>/dev/null || echo 1)"
    jobs=$((${kb:-2500000} / 2500000))
    [ "$jobs" -gt "$cores" ] && jobs="$cores"
    [ "$jobs" -lt 1 ] && jobs=1
    echo "$jobs"
}

# build PRESET [TARGET ...]
build() {
    local preset="$1" log; shift
    export PATH="$DEPS/tools/bin:$PATH"
    cd "$ROOT" || return
    mkdir -p build
    log="build/configure-$preset.log"
    # The two options are given every time: the cache must not keep an older answer.
    local options=("-DATELIER_LIBTORCH=${ATELIER_LIBTORCH:-}")
    case "$preset" in release | debug) options+=("-DATELIER_CUDA=${ATELIER_CUDA:-AUTO}") ;; esac
    if ! cmake --preset "$preset" "${options[@]}" >"$log" 2>&1; then
        cat "$log" >&2
        die "configuring failed; the log is in $ROOT/$log"
    fi
    tail -n 4 "$log" | grep '^-- Atelier' || true
    cmake --build "build/$preset" --parallel "$(jobs_for_memory)" ${1:+--target "$@"} ||
        die "the build failed; the first error above says where"
}
