#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the fuzzers (clang's libFuzzer with address and undefined-behaviour checks) and runs them one after the other,
# each on what it has found before and on the files of tests/data, ../shared/formats and ../shared/reports.
#
#   scripts/fuzz.sh [--seconds N] [TARGET ...]
#   --seconds N   how long each runs (1200)
#   TARGET        model, pickle, zip, safetensors, npy, picture, session, performance, dataset_json, network,
#                 midi, sound; all unless named
#
# The corpus grows in build/fuzz/corpus/TARGET; what breaks a reader is put into build/fuzz/findings/TARGET and named at
# the end. Mended findings belong into tests/data/fuzz/TARGET, which fuzz_findings_test reads in every build.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

seconds=1200
targets=()
while [ $# -gt 0 ]; do
    case "$1" in
        --seconds) seconds="${2:?how many seconds?}"; shift ;;
        -h | --help) sed -n '3,13s/^# \{0,1\}//p' "$0"; exit 0 ;;
        -*) die "fuzz.sh: unknown option $1" ;;
        *) targets+=("$1") ;;
    esac
    shift
done
[ ${#targets[@]} -gt 0 ] ||
    targets=(model pickle zip safetensors npy picture session performance dataset_json network midi sound)

command -v clang++ >/dev/null || die "fuzz.sh: clang is needed; install clang-14 and libclang-rt-14-dev."
build fuzz "${targets[@]/#/fuzz_}"

# Which files a target begins with, by their names; larger ones would only slow it down.
endings() {
    case "$1" in
        model) echo pkl pt pth ckpt safetensors ;;
        pickle) echo pkl ;;
        zip) echo zip pt npz ;;
        safetensors) echo safetensors ;;
        npy) echo npy npz ;;
        picture) echo png jpg jpeg tif tiff webp bmp gif heic HEIC avif ;;
        session) echo atelier ;;
        performance) echo jsonl ;;
        dataset_json) echo json ;;
        midi) ;; # tests/data/fuzz/midi
        sound) echo wav flac mp3 ogg m4a mp4 ;;
    esac
}

seed() {
    local target="$1" into="$2" ending folder file
    for folder in "$ROOT/tests/data" "${ATELIER_FORMATS_DIR:-$ROOT/../shared/formats}" \
        "${ATELIER_REPORTS_DIR:-$ROOT/../shared/reports}"; do
        [ -d "$folder" ] || continue
        for ending in $(endings "$target"); do
            find "$folder" -type f -name "*.$ending" -size -150k -print0
        done
    done | while IFS= read -r -d '' file; do
        # By the contents' name, so that the same file is taken once. The first byte of `pickle` chooses the scope.
        folder="$into/seed-$(sha256sum "$file" | cut -c 1-16)"
        [ -e "$folder" ] && continue
        if [ "$target" = pickle ]; then printf '\003' | cat - "$file" >"$folder"; else cp "$file" "$folder"; fi
    done
    if [ -d "$ROOT/tests/data/fuzz/$target" ]; then cp -n "$ROOT/tests/data/fuzz/$target/"* "$into/"; fi
    chmod -R u+w "$into"
}

found=()
for target in "${targets[@]}"; do
    corpus="$ROOT/build/fuzz/corpus/$target"
    findings="$ROOT/build/fuzz/findings/$target"
    log="$ROOT/build/fuzz/$target.log"
    mkdir -p "$corpus" "$findings"
    seed "$target" "$corpus"
    say "fuzzing $target for $seconds s on $(find "$corpus" -type f | wc -l) files; the log is $log"
    # A reader may take some times the file's size of memory and never long; leaks are the tests' business, since torch
    # keeps what it has. The 120 s are on the clock: at a low priority a busy machine makes moments long.
    (cd "$findings" && OMP_NUM_THREADS=1 ASAN_OPTIONS=allocator_may_return_null=1:detect_leaks=0 \
        UBSAN_OPTIONS=print_stacktrace=1 "$ROOT/build/fuzz/bin/fuzz_$target" -max_total_time="$seconds" -timeout=120 \
        -rss_limit_mb=3000 -max_len=200000 -artifact_prefix="$findings/" -print_final_stats=1 "$corpus") >"$log" 2>&1 ||
        found+=("$target")
    tail -n 8 "$log" | grep -E 'number_of_executed|new_units|slowest|peak_rss' || true
done
[ ${#found[@]} -eq 0 ] || die "broken by a file of build/fuzz/findings: ${found[*]}"
say "nothing was found."
