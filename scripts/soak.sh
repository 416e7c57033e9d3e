#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the studio and plays it at random under Xvfb, an hour unless told; says what became of its memory, descriptors,
# threads and frames.
#
#   scripts/soak.sh [--minutes N] [--seed N] [--without DEED] [--curve FILE] [--shorten] [--preset NAME] [--no-build]
#   --minutes N    how long (60)
#   --seed N       play the same evening again
#   --without DEED leave that out, such as train; may be repeated
#   --curve FILE   the samples, one after each deed, as CSV
#   --shorten      where it fails, leave out deeds as long as it still fails, for tests/soak/found.txt
#   --preset NAME  asan and tsan watch for what they watch for (release)
#   --no-build     play what is built already
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

preset=release with_build=yes
export ATELIER_SOAK_MINUTES=60
while [ $# -gt 0 ]; do
    case "$1" in
        --minutes) ATELIER_SOAK_MINUTES="${2:?how many minutes?}"; shift ;;
        --seed) export ATELIER_SOAK_SEED="${2:?which seed?}"; shift ;;
        --without) export ATELIER_SOAK_WITHOUT="${ATELIER_SOAK_WITHOUT:-} ${2:?which deed?}"; shift ;;
        --curve) ATELIER_SOAK_CURVE="$(readlink -m "${2:?which file?}")"; export ATELIER_SOAK_CURVE; shift ;;
        --shorten) export ATELIER_SOAK_SHORTEN=1 ;;
        --preset) preset="${2:?which preset?}"; shift ;;
        --no-build) with_build=no ;;
        -h | --help) sed -n '3,14s/^# \{0,1\}//p' "$0"; exit 0 ;;
        *) die "soak.sh: unknown option $1" ;;
    esac
    shift
done
[[ "$ATELIER_SOAK_MINUTES" =~ ^[0-9]+([.][0-9]+)?$ ]] || die "--minutes is '$ATELIER_SOAK_MINUTES'; it has to be a number."
export ATELIER_SOAK_SEED="${ATELIER_SOAK_SEED:-$((RANDOM * 32768 + RANDOM))}"
[[ "$ATELIER_SOAK_SEED" =~ ^[0-9]{1,18}$ ]] || die "--seed is '$ATELIER_SOAK_SEED'; it has to be a whole number."

if [ "$with_build" = yes ]; then
    bash "$ROOT/scripts/setup.sh"
    build "$preset" atelier atelier-decode studio_soak_test
fi
soak="$ROOT/build/$preset/tests/studio_soak_test"
[ -x "$soak" ] || die "$soak is not there; leave --no-build out."
# What ctest sets, so that nothing of whoever runs it is read or written.
home="$(mktemp -d)"
trap 'rm -rf "$home"' EXIT
export XDG_CONFIG_HOME="$home/config" XDG_CACHE_HOME="$home/cache" OMP_WAIT_POLICY=passive GOMP_SPINCOUNT=3000
xvfb-run -a -s "-screen 0 1600x1000x24" "$soak" --gtest_filter='Soak.AnEveningAtRandom*'
