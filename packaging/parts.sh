# SPDX-License-Identifier: Apache-2.0
# Sourced by scripts/package.sh: what the packages have in common. $ROOT, $work, $out and $version are set there.

# missing_packages LIST: those Debian packages of extern/LIST that aren't installed.
missing_packages() {
    local have
    have="$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' 2>/dev/null | sed -n 's/ installed$//p')"
    list "$1" | grep -vxF -f <(printf '%s\n' "$have") | paste -sd ' ' || true
}

# Into $work/venv, whose bin folder scripts/package.sh puts on the PATH.
packaging_tools() {
    local venv="$work/venv" wanted
    wanted="$(list packaging-python.txt)"
    [ "$(cat "$venv/.atelier-packages" 2>/dev/null)" = "$wanted" ] && return
    say "fetching what packages are made with"
    rm -rf "$venv"
    python3 -m venv "$venv" || die "python3-venv is needed."
    # shellcheck disable=SC2086
    "$venv/bin/pip" install --quiet --disable-pip-version-check $wanted || die "pip could not fetch $wanted."
    echo "$wanted" >"$venv/.atelier-packages"
}

torch_folder() { sed -n 's/^ATELIER_TORCH_ROOT=//p' "$ROOT/build/release/packaging/torch.txt"; }

components() { # components FOLDER NAME...: what cmake --install lays down of them
    local into="$1" name; shift
    for name in "$@"; do
        cmake --install "$ROOT/build/release" --prefix "$into" --component "$name" >/dev/null
    done
}

# make_tree FOLDER: bin, lib and share of a program that runs wherever the folder lies, without torch.
make_tree() {
    local tree="$1"
    rm -rf "$tree"
    mkdir -p "$tree"
    components "$tree" program data desktop fonts
    strip "$tree"/bin/*
    no_jack "$tree/lib/fallback/libjack.so.0"
    # What is packed must be what was looked at: GPL libraries are refused here.
    python3 "$ROOT/packaging/collect.py" "$tree" "$tree/bin/atelier-main" "$tree/bin/atelier-decode" --first "$work/ffmpeg/lib" \
        --first "$work/imgcodecs/lib" --list "$work/libraries.txt" >&2
    local program
    for program in "$tree"/bin/*; do patchelf --set-rpath '$ORIGIN/../torch/lib:$ORIGIN/../lib' "$program"; done
    rm -rf "$work/share"
    python3 "$ROOT/packaging/manual.py" "$ROOT/build/release/bin/atelier" "$work/share"
    cp -a "$work/share/." "$tree/share/"
}

# no_jack FOLDER: the stand-in for systems without JACK; it must have whatever is asked of the real one.
no_jack() {
    local user wanted
    mkdir -p "$1"
    gcc -O2 -shared -fPIC -Wall -s -Wl,-soname,libjack.so.0 -o "$1/libjack.so.0" "$ROOT/packaging/no_jack.c"
    for user in "$ROOT/build/release/bin/atelier-main" /usr/lib/x86_64-linux-gnu/lib{rtmidi.so.6,portaudio.so.2}; do
        for wanted in $(nm -D "$user" | sed -n 's/.* U \(jack_[a-z_]*\)$/\1/p'); do
            nm -D "$1/libjack.so.0" | grep " T $wanted\$" >/dev/null || die "packaging/no_jack.c lacks $wanted, which $user calls."
        done
    done
}

# torch_files FOLDER: LibTorch's CPU part as it is in its wheel, unstripped: what its makers linked stays as it was.
torch_files() {
    local torch name file
    torch="$(torch_folder)"
    mkdir -p "$1/lib"
    for name in libtorch_cpu.so libc10.so libc10_cuda.so libgomp.so.1 libcudart.so.13 libcupti.so.13; do
        file="$torch/lib/$name"
        [ -e "$file" ] || file="$torch/../nvidia/cu13/lib/$name"
        if [ -e "$file" ]; then
            cp -L "$file" "$1/lib/"
        elif readelf -d "$torch/lib/libtorch_cpu.so" "$ROOT/build/release/bin/atelier-main" | grep -F "[$name]" >/dev/null; then
            die "torch in $torch has no $name."
        fi
    done
}

# notices FILE OPTIONS...: the licences of all that is inside; packaging/notices.py has the options.
notices() {
    local file="$1"; shift
    python3 "$ROOT/packaging/notices.py" "$file" --list "${libraries:-$work/libraries.txt}" --notice "$work/ffmpeg/notice.txt" \
        --notice "$work/imgcodecs/notice.txt" "$@"
}
