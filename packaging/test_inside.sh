# SPDX-License-Identifier: Apache-2.0
# Run by packaging/test_kinds.sh inside a bare root: starts an installed Atelier as a person would.
#
#   bash test_inside.sh bare|deb|tar|wheel PROGRAM FOLDER    bare: what needs no display
#   bash test_inside.sh cpu_torch PROGRAM VENV               with a torch that has none of its CUDA parts
#   bash test_inside.sh torch_overrides                      torch's requirements, all switched off
set -euo pipefail
kind="$1" program="${2:-}" folder="${3:-}"
work=/tmp/work-$kind
rm -rf "$work"
mkdir -p "$work"
export HOME="$work/home" XDG_RUNTIME_DIR="$work"
mkdir -p "$HOME"
fail() { echo "FAILED: $*" >&2; exit 1; }
now() { date +%s.%N; }
png_size() { od -An -tu1 -j16 -N8 "$1" | awk '{ print $1 * 16777216 + $2 * 65536 + $3 * 256 + $4 "x" $5 * 16777216 + $6 * 65536 + $7 * 256 + $8 }'; }
model() { find "$folder" -name '*.safetensors' -path '*share/atelier*' | head -n 1; }

commands() {
    local version start seconds
    "$program" --version >"$work/version.txt" || fail "--version"
    version="$(head -n 1 "$work/version.txt")"
    [[ "$version" =~ ^atelier\ [0-9]+\.[0-9]+ ]] || fail "--version says '$version'"
    "$program" info "$(model)" >"$work/info.txt" 2>&1 || fail "info: $(cat "$work/info.txt")"
    grep -q "128" "$work/info.txt" || fail "info says nothing of the size: $(cat "$work/info.txt")"
    "$program" render "$(model)" --seeds 0-3 --out "$work/pictures" 2>&1 || fail "render"
    [ "$(png_size "$work/pictures/seed0003.png")" = 128x128 ] || fail "the picture of seed 3 is $(png_size "$work/pictures/seed0003.png")"
    start="$(now)"
    "$program" walk "$(model)" --seeds 1,2 --size 128 --seconds-per-step 0.5 --out "$work/walk.mp4" 2>&1 || fail "walk"
    seconds="$(awk "BEGIN { printf \"%.1f\", $(now) - $start }")"
    grep -q ftyp <(head -c 64 "$work/walk.mp4") || fail "the walk is no MP4"
    # It reads its own video again: as a set of pictures.
    "$program" dataset prepare "$work/walk.mp4" --every 0.2 --out "$work/set.zip" --plain --size 64 2>&1 | tee "$work/set.txt"
    grep -q 'without a sandbox' "$work/set.txt" && fail "what decodes strangers' files isn't found, or can't start"
    grep -q 'set.zip: 5 of 5 pictures' "$work/set.txt" || fail "the video of a second has not five pictures 0.2 s apart"
    "$program" studio --screenshot "$work/none.png" 2>"$work/no-display.txt" && fail "a studio without a display"
    [ "$(wc -l <"$work/no-display.txt")" -le 3 ] || fail "without a display it says: $(cat "$work/no-display.txt")"
    echo "$version; walk in $seconds s" >"/tmp/test/result-$kind.txt"
    echo "the commands work"
}

# Of the dump of state that the studio keeps up to date: a path such as counters.pictures; empty while there is none.
state() {
    python3 - "$work/state.json" "$1" 2>/dev/null <<'PYTHON' || true
import json, sys
value = json.load(open(sys.argv[1]))
for name in sys.argv[2].split("."):
    value = value[name]
print(*value if isinstance(value, list) else [value])
PYTHON
}

# wait_for SECONDS COMMAND...: until it succeeds, or the studio has ended.
wait_for() {
    local until=$((SECONDS + $1)); shift
    until "$@"; do
        [ $SECONDS -lt $until ] || return 1
        kill -0 "$studio_pid" 2>/dev/null || fail "the studio ended: $(cat "$work/studio.txt")"
        sleep 0.05
    done
}
pictures_above() { [ "$(state counters.pictures)" -gt "$1" ] 2>/dev/null; }
playing() { [ "$(state walk.playing)" = True ]; }

start_studio() {
    rm -f "$work/state.json"
    "$program" studio "$@" --state-dump "$work/state.json" --size 1280x720 2>"$work/studio.txt" &
    studio_pid=$!
}
end_studio() { kill "$studio_pid" 2>/dev/null || true; wait "$studio_pid" || true; }

# The studio in a display of its own: how long until pictures move, what a click on Play does, what the window shows.
studio() {
    local start seconds box before
    # It chooses its number itself: other roots share the machine's abstract sockets.
    Xvfb -displayfd 5 -screen 0 1280x720x24 -nolisten tcp 5>"$work/display" >/dev/null 2>&1 &
    local display=$!
    trap "kill $display 2>/dev/null || true" EXIT
    for _ in $(seq 600); do [ -s "$work/display" ] && break; sleep 0.1; done
    [ -s "$work/display" ] || fail "no Xvfb within a minute"
    export DISPLAY=":$(cat "$work/display")"
    start="$(now)"
    start_studio --play
    wait_for 120 pictures_above 2 || fail "no moving picture within two minutes; $(cat "$work/studio.txt")"
    seconds="$(awk "BEGIN { printf \"%.1f\", $(now) - $start }")"
    end_studio
    rm -rf "$HOME"
    mkdir -p "$HOME"
    start_studio
    wait_for 120 pictures_above 0 || fail "no picture within two minutes; $(cat "$work/studio.txt")"
    playing && fail "it plays before anybody clicked"
    box=($(state controls.play))
    [ ${#box[@]} = 4 ] || fail "there is no Play in the window"
    before="$(state counters.pictures)"
    xdotool mousemove "$(awk "BEGIN { print int((${box[0]} + ${box[2]}) / 2) }")" "$(awk "BEGIN { print int((${box[1]} + ${box[3]}) / 2) }")"
    sleep 0.3
    xdotool click 1
    wait_for 60 playing || fail "a click on Play plays nothing"
    wait_for 60 pictures_above $((before + 3)) || fail "it plays, but no new pictures come"
    end_studio
    "$program" studio --screenshot "$work/window.png" --after 4 --size 1280x720 2>&1 || fail "the screenshot"
    [ "$(png_size "$work/window.png")" = 1280x720 ] || fail "the screenshot is $(png_size "$work/window.png")"
    [ "$(stat -c %s "$work/window.png")" -gt 60000 ] || fail "the screenshot is blank: $(stat -c %s "$work/window.png") bytes"
    cp "$work/window.png" "/tmp/test/window-$kind.png"
    echo "$(cat "/tmp/test/result-$kind.txt"); moving picture after $seconds s" >"/tmp/test/result-$kind.txt"
    echo "the studio works"
}

# A torch for the CPU alone has neither libc10_cuda nor the CUDA runtime; the wheel's fallbacks stand in.
without_cuda_parts() {
    local site
    site="$(echo "$folder"/lib/python3*/site-packages)"
    mkdir -p "$work/aside"
    mv "$site"/torch/lib/libc10_cuda.so "$site"/nvidia/cu13/lib/libcudart.so.13 "$work/aside/"
    "$program" render "$(model)" --seeds 5 --out "$work/picture.png" 2>&1 || fail "render without torch's CUDA parts"
    [ "$(png_size "$work/picture.png")" = 128x128 ] || fail "no picture without torch's CUDA parts"
    mv "$work/aside/libc10_cuda.so" "$site/torch/lib/"
    mv "$work/aside/libcudart.so.13" "$site/nvidia/cu13/lib/"
}

# What torch requires, each bound to a Python that there is none of.
torch_overrides() {
    python3 - "$(ls /tmp/wheels/torch-*.whl | head -n 1)" <<'PYTHON'
import re, sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
name = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
for line in wheel.read(name).decode().splitlines():
    found = re.match(r"Requires-Dist: ([A-Za-z0-9._-]+)", line)
    if found and "extra ==" not in line:
        print(f"{found[1]} ; python_version < '3'")
PYTHON
}

case "$kind" in
    bare) commands ;;
    cpu_torch) without_cuda_parts ;;
    torch_overrides) torch_overrides ;;
    *)
        commands
        studio
        ;;
esac
rm -rf "$work"
