#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Packs what a machine with a GPU, a Python with torch 2.11 and no network needs to say whether Atelier works there:
# programs, tests, the libraries such a machine lacks, small models, and a run.sh that writes one report. docs/gpu.md.
#
#   scripts/gpu-bundle.sh [--no-build] [--out FILE]
#   --no-build     pack what is built already
#   --out FILE     instead of build/gpu-bundle.tar.xz
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

out="$ROOT/build/gpu-bundle.tar.xz" with_build=yes
while [ $# -gt 0 ]; do
    case "$1" in
        --no-build) with_build=no ;;
        --out) [ -n "${2:-}" ] || die "--out needs a file."; out="$(readlink -m "$2")"; shift ;;
        -h | --help) sed -n '3,8s/^# \{0,1\}//p' "$0"; exit 0 ;;
        *) die "gpu-bundle.sh: unknown option $1" ;;
    esac
    shift
done
most=60000000 # bytes

programs=(bin/atelier-core bin/atelier_bench_core tests/kernel_gpu_test tests/gfx_ladder_gpu_test tests/nccl_ranks_test)
if [ "$with_build" = yes ]; then
    ATELIER_LIBTORCH="${ATELIER_LIBTORCH:+$(readlink -m "$ATELIER_LIBTORCH")}"
    export ATELIER_LIBTORCH
    bash "$ROOT/scripts/setup.sh" >&2
    build release atelier_core atelier_bench_core kernel_gpu_test gfx_ladder_gpu_test nccl_ranks_test >&2
fi
grep -q 'ATELIER_WITH_CUDA=1' "$ROOT/build/release/build.ninja" ||
    die "the build in build/release is one without CUDA; ATELIER_CUDA=ON scripts/test.sh makes one with it."

work="$(mktemp -d)"
trap 'rm -rf "$work" "$out.part"' EXIT
bundle="$work/atelier-gpu"
mkdir -p "$bundle/bin" "$bundle/lib" "$bundle/data"

# What every Linux with a C++ program has, and what belongs to torch or the driver.
there='^(ld-linux[^/]*|libc|libm|libdl|libpthread|librt|libutil|libresolv|libgcc_s|libstdc\+\+|libGL|libGLX|libGLdispatch|libEGL|libcuda)\.so'
for program in "${programs[@]}"; do
    from="$ROOT/build/release/$program"
    [ -x "$from" ] || die "$from is not there; leave --no-build out."
    strip -o "$bundle/bin/$(basename "$program")" "$from"
    ldd "$from" | awk '$3 ~ /^\// { print $3 }' | while read -r library; do
        name="$(basename "$library")"
        case "$library" in */torch/lib/*) continue ;; esac
        case "$name" in libcu* | libnv* | libnccl* | libgomp*) continue ;; esac # as torch brings them
        [[ "$name" =~ $there ]] || cp -Lu "$library" "$bundle/lib/$name"
    done
done
mkdir "$bundle/lib/atelier" # which the programs load themselves
strip --strip-unneeded -o "$bundle/lib/atelier/libatelier-nccl.so" "$ROOT/build/release/lib/atelier/libatelier-nccl.so"
find "$bundle/lib" -name '*.so*' -exec strip --strip-unneeded {} + 2>/dev/null || true
"$bundle/bin/atelier-core" convert "$ROOT/assets/emoji-portraits-64.safetensors" --half \
    --out "$bundle/data/emoji-portraits-64.safetensors" >&2
cp "$ROOT/assets/tour-64.zip" "$bundle/data/pictures.zip"
cp "$ROOT/scripts/gpu-bundle-run.sh" "$bundle/run.sh"
chmod +x "$bundle/run.sh"
git -C "$ROOT" describe --always --dirty >"$bundle/version.txt" 2>/dev/null || echo unknown >"$bundle/version.txt"

# Nothing else may be asked for: each library is in the bundle, in torch, or on every machine.
for file in "$bundle"/bin/* "$bundle"/lib/*.so* "$bundle"/lib/atelier/*; do
    readelf -d "$file" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | while read -r needed; do
        [ -e "$bundle/lib/$needed" ] || [[ "$needed" =~ $there ]] || [[ "$needed" =~ ^lib(torch|c10|cudart|gomp) ]] ||
            die "$(basename "$file") needs $needed, which would be missing there."
    done || exit 1
done

mkdir -p "$(dirname "$out")"
tar -C "$work" -cf - atelier-gpu | xz -T0 -6 >"$out.part"
size="$(stat -c %s "$out.part")"
[ "$size" -le "$most" ] || die "the bundle has $size bytes; $most are allowed."
mv "$out.part" "$out"
say "$out: $((size / 1000)) kB; unpack it there and start atelier-gpu/run.sh."
