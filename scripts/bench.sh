#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds, measures and prints one table: the shortest time of several repetitions in random order, how many times longer
# the plain counterpart takes, and how many times as long as its convolutions alone. docs/measuring.md says what each is.
#
#   scripts/bench.sh [--filter REGEX] [--repetitions N] [--no-build]
#   --filter REGEX     only the benchmarks whose name matches, such as '/64$' or synthesis
#   --repetitions N    of each benchmark, 7 unless told
#   --no-build         measure what is built already
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

filter=. repetitions=7 with_build=yes
while [ $# -gt 0 ]; do
    case "$1" in
        --filter) filter="${2:-}"; shift; [ -n "$filter" ] || die "--filter needs a regular expression." ;;
        --repetitions) repetitions="${2:-}"; shift ;;
        --no-build) with_build=no ;;
        -h | --help) sed -n '3,9s/^# \{0,1\}//p' "$0"; exit 0 ;;
        *) die "bench.sh: unknown option $1" ;;
    esac
    shift
done
[[ "$repetitions" =~ ^[1-9][0-9]{0,3}$ ]] ||
    die "--repetitions is '$repetitions'; it has to be a whole number from 1 to 9999."

if [ "$with_build" = yes ]; then
    ATELIER_LIBTORCH="${ATELIER_LIBTORCH:+$(readlink -m "$ATELIER_LIBTORCH")}"
    export ATELIER_LIBTORCH
    # The table alone goes to standard output.
    bash "$ROOT/scripts/setup.sh" >&2
    build release atelier atelier_bench >&2
fi
bench="$ROOT/build/release/bin/atelier_bench"
[ -x "$bench" ] || die "$bench is not there; leave --no-build out, and see that libbenchmark-dev is installed."

# The waiting threads are told what src/cli/launcher.cpp tells those of the program.
export OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-passive}" GOMP_SPINCOUNT="${GOMP_SPINCOUNT:-3000}"

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
"$bench" --benchmark_list_tests --benchmark_filter="$filter" >"$work/names" 2>"$work/log" ||
    die "atelier_bench does not start: $(cat "$work/log")"
[ -s "$work/names" ] || die "no benchmark's name matches '$filter'."

say "measuring $(wc -l <"$work/names") benchmarks, $repetitions repetitions of each; leave the machine alone." >&2
load="$(cut -d ' ' -f 1 /proc/loadavg)"
"$bench" --benchmark_filter="$filter" --benchmark_format=csv --benchmark_min_time=0.1 \
    --benchmark_repetitions="$repetitions" --benchmark_enable_random_interleaving=true \
    </dev/null >"$work/csv" 2>"$work/log" || { cat "$work/log" >&2; die "atelier_bench failed."; }

cpu="$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1)"
instructions="$(sed -n 's/^flags[^:]*: *//p' /proc/cpuinfo | head -n 1 | tr ' ' '\n' |
    grep -xE 'avx2|avx512f|avx512_bf16|amx_bf16' | tr '\n' ' ' || true)"
limited="${ONEDNN_MAX_CPU_ISA:+ ONEDNN_MAX_CPU_ISA=$ONEDNN_MAX_CPU_ISA}"
limited="$limited${ATEN_CPU_CAPABILITY:+ ATEN_CPU_CAPABILITY=$ATEN_CPU_CAPABILITY}"
printf '%s, CPU: %s (%s)%s, %s cores, load %s before; the shortest of %s repetitions\n\n' \
    "$(date +%F)" "${cpu:-unknown}" "${instructions% }" "$limited" "$(nproc)" "$load" "$repetitions"
# Columns: "name",iterations,real_time,cpu_time,time_unit,bytes,items,label,error_occurred,"error_message",...
awk -v names="$work/names" '
    function bare(name) { gsub(/"|\/iterations:[0-9]+|\/real_time/, "", name); return name }
    BEGIN {
        while ((getline line < names) > 0) {
            order[++count] = bare(line)
            if (length(order[count]) > width) { width = length(order[count]) }
        }
    }
    /^"/ {
        split($0, column, ",")
        name = bare(column[1])
        if (column[9] == "true") {
            message = $0
            sub(/^.*,true,"/, "", message)
            sub(/",*$/, "", message)
            problem[name] = message
        } else if (!(name ~ /_(mean|median|stddev|cv)$/)) {
            ms = column[3] + 0
            if (!(name in best) || ms < best[name]) { best[name] = ms }
        }
    }
    END {
        printf "%-" width "s  %10s  %10s  %10s\n", "name", "ms", "plain/ours", "ours/limit"
        for (i = 1; i <= count; i++) {
            name = plain = limit = order[i]
            sub(/^synthesis/, "limit", limit)
            sub(/^synthesis(_bf16)?\//, "plain/", plain)
            sub(/^train(_fp32)?\//, "train_plain/", plain)
            sub(/^ops\//, "plain_ops/", plain)
            if (!(name in best)) {
                printf "%-" width "s  skipped: %s\n", name, (name in problem ? problem[name] : "no result")
                continue
            }
            ratio = plain != name && (plain in best) ? sprintf("%.2f", best[plain] / best[name]) : ""
            share = limit != name && (limit in best) ? sprintf("%.2f", best[name] / best[limit]) : ""
            line = sprintf("%-" width "s  %10.3f  %10s  %10s", name, best[name], ratio, share)
            sub(/ +$/, "", line)
            print line
        }
    }' "$work/csv"
