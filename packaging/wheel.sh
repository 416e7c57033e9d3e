# SPDX-License-Identifier: Apache-2.0
# Sourced by scripts/package.sh.

GLIBC=2.36 # Debian 12's, where the program is built
TAG="manylinux_${GLIBC/./_}_x86_64"

make_wheel() {
    local name="atelier_studio-$version" folder="$work/wheel" package file
    say "packing $name-py3-none-$TAG.whl"
    rm -rf "$folder"
    mkdir -p "$folder/raw/$name.dist-info/licenses" "$folder"/{made,repaired,packed}
    package="$folder/raw/atelier_studio"
    mkdir -p "$package/lib" "$package/share" "$folder/raw/$name.data/data/share"
    cp -a "$work/tree/bin" "$package/"
    cp -a "$work/tree/share/atelier" "$package/share/"
    for file in applications bash-completion icons man mime; do
        cp -a "$work/tree/share/$file" "$folder/raw/$name.data/data/share/"
    done
    cp "$ROOT/packaging/atelier_studio.py" "$package/__init__.py"
    printf '# SPDX-License-Identifier: Apache-2.0\nfrom atelier_studio import main\n\nmain()\n' >"$package/__main__.py"
    metadata >"$folder/raw/$name.dist-info/METADATA"
    printf 'Wheel-Version: 1.0\nGenerator: atelier\nRoot-Is-Purelib: false\nTag: py3-none-linux_x86_64\n' >"$folder/raw/$name.dist-info/WHEEL"
    printf '[console_scripts]\natelier = atelier_studio:main\n' >"$folder/raw/$name.dist-info/entry_points.txt"
    cp "$ROOT/LICENSE" "$folder/raw/$name.dist-info/licenses/"
    notices "$folder/raw/$name.dist-info/licenses/THIRD-PARTY-NOTICES" --data fonts-inter --data fonts-nanum
    # auditwheel finds the libraries as the loader would.
    for file in "$package"/bin/*; do patchelf --remove-rpath "$file"; done
    wheel pack --dest-dir "$folder/made" "$folder/raw" >/dev/null
    LD_LIBRARY_PATH="$work/tree/lib:$(torch_folder)/lib" auditwheel repair --plat "$TAG" --only-plat \
        --exclude 'libtorch*' --exclude 'libc10*' --exclude 'libcudart*' --exclude 'libcupti*' --exclude libgomp.so.1 \
        --exclude libGLX.so.0 --exclude libasound.so.2 --exclude libjack.so.0 --exclude libpipewire-0.3.so.0 \
        --exclude libzstd.so.1 --exclude libexpat.so.1 --exclude libz.so.1 \
        --wheel-dir "$folder/repaired" "$folder/made"/*.whl >"$folder/auditwheel.log" 2>&1 ||
        die "auditwheel refuses the wheel; see $folder/auditwheel.log"
    finish_wheel "$folder" "$name"
    rm -rf "$folder"
    say "$out/$name-py3-none-$TAG.whl: $(du -m "$out/$name-py3-none-$TAG.whl" | cut -f 1) MB"
}

# What auditwheel can't know: where torch lies, and libraries for systems that lack their own.
finish_wheel() {
    local folder="$1" name="$2" file tree site='$ORIGIN/../..'
    wheel unpack --dest "$folder/open" "$folder/repaired"/*.whl >/dev/null
    tree="$folder/open/$name"
    [ -d "$tree/atelier_studio.libs" ] || die "auditwheel put no libraries into the wheel."
    for file in "$tree"/atelier_studio/bin/*; do
        patchelf --set-rpath "$site/torch/lib:$site/nvidia/cu13/lib:$site/atelier_studio.libs" "$file"
    done
    mkdir -p "$tree/atelier_studio/lib"
    cp -a "$work/tree/lib/fallback" "$tree/atelier_studio/lib/"
    # For mpirun: it asks for the system's MPI, which auditwheel would have copied.
    [ ! -d "$work/tree/lib/atelier" ] || cp -a "$work/tree/lib/atelier" "$tree/atelier_studio/lib/"
    find "$tree/atelier_studio/lib/fallback" -name '*.so*' -type f -exec patchelf --set-rpath '$ORIGIN' {} \;
    torch_fallbacks "$tree/atelier_studio/lib/fallback"
    wheel pack --dest-dir "$folder/packed" "$tree" >/dev/null
    mv "$folder/packed"/*.whl "$out/"
    [ -e "$out/$name-py3-none-$TAG.whl" ] || die "the wheel got another name: $(ls "$out")"
}

# A torch for the CPU alone has neither of these, and the program of a build with CUDA asks for both by name.
torch_fallbacks() {
    local name files="$work/torch-files"
    rm -rf "$files"
    torch_files "$files"
    for name in libc10_cuda.so libcudart.so.13; do
        if readelf -d "$work/tree/bin/atelier-main" | grep -F "[$name]" >/dev/null; then
            mkdir -p "$1/$name"
            cp "$files/lib/$name" "$1/$name/"
        fi
    done
    rm -rf "$files"
}

metadata() {
    cat <<EOF
Metadata-Version: 2.4
Name: atelier-studio
Version: $version
Summary: A live studio for StyleGAN2-ADA: walk through a latent space, mix, record, train
License-Expression: Apache-2.0
License-File: LICENSE
License-File: THIRD-PARTY-NOTICES
Requires-Python: >=3.9
Requires-Dist: torch==2.11.*
Classifier: Environment :: X11 Applications
Classifier: Operating System :: POSIX :: Linux
Classifier: Topic :: Multimedia :: Graphics
Description-Content-Type: text/markdown

Atelier is one native program; this package carries it and finds LibTorch in the torch that is installed with it.
\`atelier\` opens the studio with the bundled model, \`atelier --help\` lists the commands.
EOF
}
