#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The bundle for a machine with a GPU: it packs, holds what it needs, and runs here as far as the CPU goes.
#   gpu_bundle_test.sh CHECKOUT TORCH CUDA    CUDA: whether the build has it, 1 or 0
set -euo pipefail
checkout="$1" torch="$2" cuda="$3"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
fail() { echo "$*" >&2; exit 1; }
has() { grep -qF -- "$1" "$2" || { cat "$2"; fail "'$1' is missing in $2"; }; }

if [ "$cuda" != 1 ]; then # nothing to try on a GPU: it says so, and leaves nothing behind
    bash "$checkout/scripts/gpu-bundle.sh" --no-build --out "$work/bundle.tar.xz" >"$work/said" 2>&1 &&
        fail "a build without CUDA was packed"
    has "without CUDA" "$work/said"
    [ ! -e "$work/bundle.tar.xz" ] || fail "a file was left"
    exit 0
fi

bash "$checkout/scripts/gpu-bundle.sh" --no-build --out "$work/bundle.tar.xz"
[ "$(stat -c %s "$work/bundle.tar.xz")" -le 60000000 ] || fail "the bundle is too large"
mkdir "$work/there"
tar -C "$work/there" -xf "$work/bundle.tar.xz"
run="$work/there/atelier-gpu/run.sh"
cd "$work"

ATELIER_LIBTORCH="$torch" DISPLAY= bash "$run" --quick --out "$work/report.txt" || { cat "$work/report.txt"; fail "it failed"; }
has "== doctor: ok" "$work/report.txt"
has "== training: ok" "$work/report.txt"
has "== going on with the training: ok" "$work/report.txt"
has "bias_act lrelu, float32" "$work/report.txt"
has " 0 failed" "$work/report.txt"

# What it does not find, it says.
code=0
ATELIER_LIBTORCH="$work/nothing" bash "$run" --out "$work/none.txt" >/dev/null 2>&1 || code=$?
[ "$code" = 2 ] || fail "without torch it ended with $code"
has "no torch is found" "$work/none.txt"
mkdir -p "$work/old/lib"
touch "$work/old/lib/libtorch_cpu.so"
echo "__version__ = '2.4.0'" >"$work/old/version.py"
code=0
ATELIER_LIBTORCH="$work/old" bash "$run" --out "$work/old.txt" >/dev/null 2>&1 || code=$?
[ "$code" = 2 ] || fail "with another torch it ended with $code"
has "needs 2.11" "$work/old.txt"

# A step that fails makes it fail, with its name.
printf '#!/bin/sh\necho broken\nexit 1\n' >"$work/there/atelier-gpu/bin/kernel_gpu_test"
code=0
ATELIER_LIBTORCH="$torch" DISPLAY= bash "$run" --quick --out "$work/broken.txt" >/dev/null 2>&1 || code=$?
[ "$code" = 1 ] || fail "with a broken test it ended with $code"
has "kernels on the device: FAILED" "$work/broken.txt"
