# SPDX-License-Identifier: Apache-2.0
# Sourced by scripts/package.sh.

make_tar() {
    local name="atelier-$version-linux-x86_64" folder="$work/tar"
    say "packing $name.tar.gz"
    rm -rf "$folder"
    mkdir -p "$folder"
    cp -a "$work/tree" "$folder/$name"
    components "$folder/$name" faces
    torch_files "$folder/$name/torch"
    notices "$folder/$name/share/doc/atelier/THIRD-PARTY-NOTICES" --torch "$(torch_folder)" \
        --data fonts-inter --data fonts-nanum --data libdlib-data
    install -m 755 "$ROOT/packaging/install.sh" "$folder/$name/install.sh"
    install -m 755 "$ROOT/packaging/uninstall.sh" "$folder/$name/uninstall.sh"
    tar -C "$folder" --owner=0 --group=0 --sort=name -cf - "$name" | gzip -6 >"$out/$name.tar.gz.part"
    mv "$out/$name.tar.gz.part" "$out/$name.tar.gz"
    rm -rf "$folder"
    say "$out/$name.tar.gz: $(du -m "$out/$name.tar.gz" | cut -f 1) MB"
}
