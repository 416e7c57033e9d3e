#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Whether every program that uses torch finds torch's own matrix products first.
#
#   check_blas.sh LIST     LIST: a file that names programs, a line each
#
# The loader takes a name from the first library that has it, in the order in which it loads them. Debian's libblas has
# sgemm_ as well, and dlib needs it; loaded before libtorch_cpu, torch itself would compute with it, several times slower.
set -euo pipefail

declare -A gives # library -> the names it has of those asked about
names=(sgemm_ dgemm_)

# The names of the BLAS that a library has, each between spaces.
look_at() {
    if [ -z "${gives[$1]+x}" ]; then
        gives[$1]=" $(nm -D --defined-only "$1" 2>/dev/null | awk '{ sub(/@.*/, "", $3); print $3 }' |
            grep -xF "$(printf '%s\n' "${names[@]}")" | tr '\n' ' ' || true)"
    fi
}

wrong=0 looked=0 others=0
while IFS= read -r program; do
    [ -x "$program" ] || { echo "check_blas.sh: $program is not built"; wrong=1; continue; }
    # In the order in which they are searched.
    mapfile -t libraries < <(ldd "$program" | sed -n 's/.* => \(\/[^ ]*\) .*/\1/p')
    case " ${libraries[*]} " in *libtorch_cpu.so*) ;; *) continue ;; esac
    looked=$((looked + 1))
    for name in "${names[@]}"; do
        first=
        for library in "${libraries[@]}"; do
            look_at "$library"
            case "${gives[$library]}" in *" $name "*) ;; *) continue ;; esac
            if [ -z "$first" ]; then
                first="$library"
            elif [ "$name" = sgemm_ ]; then
                others=$((others + 1)) # there is another one to be mistaken for it
                break
            fi
        done
        case "$first" in
        */libtorch_cpu.so) ;;
        *) echo "$program: $name comes from ${first:-nowhere}; libtorch_cpu has to come before it (extern/libtorch.cmake)"
            wrong=1 ;;
        esac
    done
done <"$1"
echo "$looked programs use torch, $others of them another BLAS as well"
[ "$looked" -gt 0 ] || { echo "check_blas.sh: $1 names no program that uses torch"; exit 1; }
exit "$wrong"
