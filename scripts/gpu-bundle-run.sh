#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Part of the bundle for a machine with a GPU (scripts/gpu-bundle.sh): finds the torch of the machine's Python, runs
# everything, writes one report. Exits with 0 when nothing failed, 1 otherwise.
#
#   run.sh [--quick] [--out FILE]
#   --quick       pictures of up to 128 px, no benchmark
#   --out FILE    the report, report.txt in the current folder unless told
# PYTHON names another Python; ATELIER_LIBTORCH a torch folder, then no Python is asked.
set -uo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"

quick=no report=report.txt
while [ $# -gt 0 ]; do
    case "$1" in
        --quick) quick=yes ;;
        --out) report="${2:-report.txt}"; shift ;;
        *) echo "run.sh: unknown option $1" >&2; exit 2 ;;
    esac
    shift
done
: >"$report" || exit 2

torch="${ATELIER_LIBTORCH:-}"
if [ -z "$torch" ]; then
    torch="$("${PYTHON:-python3}" -c 'import importlib.util as u; print(list(u.find_spec("torch").submodule_search_locations)[0])' 2>/dev/null)"
fi
if [ ! -e "$torch/lib/libtorch_cpu.so" ]; then
    echo "run.sh: no torch is found; PYTHON=... names a Python that has it, ATELIER_LIBTORCH=... its folder." | tee "$report" >&2
    exit 2
fi
version="$(sed -n "s/^__version__ *= *'\(.*\)'.*/\1/p" "$torch/version.py" 2>/dev/null)"
[ -n "$version" ] || version="$(cat "$torch/build-version" 2>/dev/null)" # of the archive for C++
case "$version" in
    2.11*) ;;
    *) echo "run.sh: torch in $torch is ${version:-of an unknown version}; this bundle needs 2.11." | tee "$report" >&2; exit 2 ;;
esac
paths="$here/lib:$torch/lib"
for folder in "$torch"/../nvidia/*/lib /usr/local/cuda/lib64; do
    [ -d "$folder" ] && paths="$paths:$folder"
done
export LD_LIBRARY_PATH="$paths${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export OMP_WAIT_POLICY=passive GOMP_SPINCOUNT=3000

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
failed=0 passed=0 skipped=0

say() { printf '%s\n' "$*" | tee -a "$report"; }
# step NAME COMMAND...: its output goes into the report; 77 means that it could not be done here.
step() {
    local name="$1" code start=$SECONDS; shift
    say "" ; say "== $name"
    "$@" >"$work/output" 2>&1
    code=$?
    cat "$work/output" >>"$report"
    case $code in
        0) passed=$((passed + 1)); say "== $name: ok, $((SECONDS - start)) s" ;;
        77) skipped=$((skipped + 1)); say "== $name: not possible here, $((SECONDS - start)) s" ;;
        *) failed=$((failed + 1)); say "== $name: FAILED with code $code, $((SECONDS - start)) s"; tail -n 15 "$work/output" ;;
    esac
}

say "Atelier's report, $(date -u '+%F %T') UTC, version $(cat "$here/version.txt")"
say "torch $version in $torch"
{ uname -srm; nvidia-smi 2>&1 | head -n 20; } >>"$report" 2>&1

device=cpu largest=1024
command -v nvidia-smi >/dev/null && nvidia-smi >/dev/null 2>&1 && device=cuda
[ "$quick" = yes ] && largest=128
core="$here/bin/atelier-core"
step "doctor" "$core" doctor --device "$device" --largest "$largest"
step "kernels on the device" "$here/bin/kernel_gpu_test"
step "gradients over the devices" "$here/bin/nccl_ranks_test"
step "pictures on the screen" "$here/bin/gfx_ladder_gpu_test"
step "a sheet" "$core" render "$here/data/emoji-portraits-64.safetensors" --device "$device" --seeds 0-63 --grid --out "$work/sheet.png"
step "training" "$core" train --data "$here/data/pictures.zip" --resume "$here/data/emoji-portraits-64.safetensors" \
    --out "$work/run" --kimg 0.2 --tick 0.1 --snap 1
step "going on with the training" "$core" train --resume "$work/run" --data "$here/data/pictures.zip" --out "$work/run" \
    --kimg 0.3 --tick 0.1 --snap 1
if [ "$quick" = no ]; then
    step "benchmarks of the CPU" "$here/bin/atelier_bench_core" --benchmark_filter='^(synthesis|synthesis_bf16|plain|limit|limit_bf16)/(64|256)$' \
        --benchmark_min_time=0.2
fi
say ""
say "$passed passed, $failed failed, $skipped not possible here; the report is in $report"
[ "$failed" -eq 0 ]
