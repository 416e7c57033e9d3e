#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Sets up, builds and starts the studio with the bundled model. Without a display it renders a short
# walk as a video instead.
#
#   scripts/run.sh                the studio
#   scripts/run.sh ARGS...        build/release/bin/atelier ARGS..., after setting up and building
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

case "${1:-}" in -h | --help) sed -n '3,8s/^# \{0,1\}//p' "$0"; exit 0 ;; esac

here="$PWD"
ATELIER_LIBTORCH="${ATELIER_LIBTORCH:+$(readlink -m "$ATELIER_LIBTORCH")}"
export ATELIER_LIBTORCH
bash "$ROOT/scripts/setup.sh" >&2 # standard output is the program's
build release atelier >&2
program="$ROOT/build/release/bin/atelier"
cd "$here"

if [ $# -gt 0 ]; then
    exec "$program" "$@"
fi
model="$ROOT/assets/portraits-128.safetensors"
[ -f "$model" ] || die "the bundled model is not there: $model"
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    exec "$program" studio "$model"
fi
demo="$ROOT/build/demo.mp4"
say "no display here, so no studio: rendering a short walk instead."
"$program" walk "$model" --seeds 31,38,40,36 --loop --seconds-per-step 2 --size 256 --out "$demo"
say "the video is in $demo"
