# SPDX-License-Identifier: Apache-2.0
# Sourced by scripts/package.sh.

# Of the libraries those stay inside that Debian 12 and 13 don't both have under the same name; the others are
# dependencies.
ONLY_IN_ONE='^lib(av(codec|format|util)|sw(scale|resample)|openh264|opencv_[a-z0-9]+|dlib|fmt|spdlog|rtmidi)\.so'

make_deb() {
    local name="atelier_${version}_amd64" root="$work/deb/root" file depends
    say "packing $name.deb"
    rm -rf "$work/deb"
    mkdir -p "$root/usr/lib/atelier/lib" "$root/usr/bin" "$root/DEBIAN" "$root/etc" "$work/deb/debian"
    cp -a "$work/tree/bin" "$root/usr/lib/atelier/"
    for file in "$work/tree"/lib/*.so*; do
        [[ "$(basename "$file")" =~ $ONLY_IN_ONE ]] && cp "$file" "$root/usr/lib/atelier/lib/"
    done
    torch_files "$root/usr/lib/atelier/torch"
    mkdir -p "$root/usr/lib/atelier/share" "$root/usr/share"
    components "$work/deb/data" data fonts
    cp -a "$work/deb/data/share/atelier" "$root/usr/lib/atelier/share/"
    cp -a "$work/share/." "$root/usr/share/"
    components "$root/usr" desktop
    ln -s ../lib/atelier/bin/atelier "$root/usr/bin/atelier"
    mkdir -p "$root/usr/share/doc/atelier"
    grep -E "$ONLY_IN_ONE" "$work/libraries.txt" >"$work/deb/libraries.txt"
    libraries="$work/deb/libraries.txt" notices "$root/usr/share/doc/atelier/THIRD-PARTY-NOTICES" --torch "$(torch_folder)" \
        --data fonts-inter --data fonts-nanum
    gzip -9n "$root/usr/share/doc/atelier/THIRD-PARTY-NOTICES"
    copyright >"$root/usr/share/doc/atelier/copyright"
    printf '%s\n' '# Which LibTorch Atelier uses instead of its own, for example one with CUDA: the torch folder of a Python' \
        '# installation, version 2.11. The variable ATELIER_LIBTORCH goes before this.' \
        '# libtorch = /opt/venv/lib/python3.11/site-packages/torch' >"$root/etc/atelier.conf"
    echo /etc/atelier.conf >"$root/DEBIAN/conffiles"
    # Its own folders hold libraries that no package stands for.
    printf 'Source: atelier\n\nPackage: atelier\nArchitecture: amd64\n' >"$work/deb/debian/control"
    depends="$(cd "$work/deb" && dpkg-shlibdeps -O --ignore-missing-info -l"$root/usr/lib/atelier/lib" \
        -l"$root/usr/lib/atelier/torch/lib" -xlibc6 "$root"/usr/lib/atelier/bin/* "$root"/usr/lib/atelier/lib/* \
        2>"$work/deb/shlibdeps.log" | sed -n 's/^shlibs:Depends=//p')"
    [ -n "$depends" ] || die "dpkg-shlibdeps found no dependencies; see $work/deb/shlibdeps.log"
    # glibc by hand: the newest that any of the files asks for. GLFW and libepoxy load the others when the window opens.
    depends="libc6 (>= $(newest_glibc "$root")), $depends, libgl1, libegl1, libxrandr2, libxi6, libxcursor1, libxinerama1"
    # After that: it alone needs OpenMPI, which is suggested, not demanded.
    [ ! -d "$work/tree/lib/atelier" ] || cp -a "$work/tree/lib/atelier" "$root/usr/lib/atelier/lib/"
    cat >"$root/DEBIAN/control" <<EOF
Package: atelier
Version: $version
Architecture: amd64
Maintainer: Atelier's maintainers <atelier@localhost>
Installed-Size: $(du -sk --exclude=DEBIAN "$root" | cut -f 1)
Depends: $depends
Recommends: libgl1-mesa-dri, libheif1, libdlib-data
Suggests: libpipewire-0.3-modules, fonts-noto-cjk, openmpi-bin
Section: video
Priority: optional
Description: live studio for StyleGAN2-ADA
 Walks through the latent space of a generator in real time, bends truncation
 and layer mixing by hand, records the performance as video, prepares pictures
 and trains on them. Brings LibTorch for the CPU along; /etc/atelier.conf or
 ATELIER_LIBTORCH names another one, for example with CUDA.
EOF
    (cd "$root" && find etc usr -type f -exec md5sum {} + >DEBIAN/md5sums)
    find "$root" -type d -exec chmod 755 {} +
    fakeroot dpkg-deb --root-owner-group -Zzstd -z9 --build "$root" "$out/$name.deb.part" >/dev/null
    mv "$out/$name.deb.part" "$out/$name.deb"
    rm -rf "$work/deb"
    say "$out/$name.deb: $(du -m "$out/$name.deb" | cut -f 1) MB"
}

newest_glibc() {
    find "$1" -type f \( -path '*/bin/*' -o -name '*.so*' \) -exec readelf -V {} + 2>/dev/null |
        grep -o 'GLIBC_[0-9.]*' | sed 's/GLIBC_//' | sort -uV | tail -n 1
}

copyright() {
    cat <<EOF
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Atelier
Comment: THIRD-PARTY-NOTICES.gz beside this file has the libraries that are inside.

Files: *
Copyright: Atelier's maintainers
License: Apache-2.0
 On Debian systems the text lies in /usr/share/common-licenses/Apache-2.0.
EOF
}
