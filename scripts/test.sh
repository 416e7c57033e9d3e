#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Sets up, checks the formatting and which rooms include which, builds and runs the tests.
#
#   scripts/test.sh [--slow] [--gpu] [--asan | --tsan] [-- CTEST ARGS...]
#   --slow, --gpu    the tests with that label too (left out otherwise)
#   --asan, --tsan   in a build with address and undefined-behaviour checks, or thread checks
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

preset=release
left_out=(slow gpu)
while [ $# -gt 0 ]; do
    case "$1" in
        --slow | --gpu) left_out=("${left_out[@]/${1#--}/}") ;;
        --asan | --tsan) preset="${1#--}" ;;
        --) shift; break ;;
        -h | --help) sed -n '3,8s/^# \{0,1\}//p' "$0"; exit 0 ;;
        *) die "test.sh: unknown option $1" ;;
    esac
    shift
done

check_format() {
    local tool
    tool="$(command -v clang-format-14 || command -v clang-format || true)"
    if ! "${tool:-false}" --version 2>/dev/null | grep -q 'version 14\.'; then
        say "formatting is not checked: clang-format 14 is not here."
        return
    fi
    find "$ROOT/src" "$ROOT/tests" -type f \( -name '*.h' -o -name '*.cpp' -o -name '*.cu' -o -name '*.cuh' \) -print0 |
        xargs -0 "$tool" --style=file --dry-run -Werror || return 1
    say "formatting is as .clang-format says."
}

ATELIER_LIBTORCH="${ATELIER_LIBTORCH:+$(readlink -m "$ATELIER_LIBTORCH")}"
export ATELIER_LIBTORCH
bash "$ROOT/scripts/setup.sh"
format_ok=yes
check_format || format_ok=no # told at the end: the tests are to run all the same
rooms_ok=yes
python3 "$ROOT/scripts/check_rooms.py" || rooms_ok=no
build "$preset"

# Two tests at a time: those with a window, one after the other, mostly wait for it, and the others run beside them.
labels="$(printf '%s\n' "${left_out[@]}" | sed '/^$/d' | paste -sd '|')"
cd "$ROOT"
tests_ok=yes
skipped="$ROOT/build/$preset/tests/skipped.txt"
rm -f "$skipped"
export ATELIER_SKIPPED_LIST="$skipped" # tests/support/main.cpp
ctest --test-dir "build/$preset" --output-on-failure --no-tests=error -j 2 \
    ${labels:+-LE "^($labels)\$"} "$@" || tests_ok=no
# ctest names the programs that skipped all of their tests, and says nothing of tests skipped in one that passed.
if [ -s "$skipped" ]; then
    say "not everything was tested; skipped were:"
    sort "$skipped" | sed 's/^/    /'
fi
[ "$format_ok" = yes ] || die "the formatting differs; run clang-format -i on the files named at the top."
[ "$rooms_ok" = yes ] || die "an include goes against src/rooms.txt; the sentences at the top say which."
[ "$tests_ok" = yes ]
