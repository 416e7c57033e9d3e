# SPDX-License-Identifier: Apache-2.0
# Sourced by what builds a library anew from Debian's source package.

# debian_source PACKAGE FOLDER: the sources of this machine's Debian 12 for PACKAGE, unpacked and with Debian's patches,
# in FOLDER/tree. Its lists lie in FOLDER as well: the machine's own are left alone.
debian_source() {
    local package="$1" folder="$2" mirror key=/usr/share/keyrings/debian-archive-keyring.gpg
    mirror="$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Codename: bookworm' | head -n 1)"
    [ -n "$mirror" ] || die "apt knows no mirror of Debian 12, which the sources of $package come from."
    mkdir -p "$folder/lists/partial"
    {
        echo "deb-src [signed-by=$key] $mirror bookworm main"
    } >"$folder/sources.list"
    local apt=(apt-get -q -o "Dir::Etc::SourceList=$folder/sources.list" -o Dir::Etc::SourceParts=/dev/null
        -o "Dir::State::Lists=$folder/lists" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=
        -o APT::Sandbox::User=root)
    "${apt[@]}" update >&2 || die "the list of Debian's sources could not be fetched."
    (cd "$folder" && "${apt[@]}" source "$package" >&2) || die "the sources of $package could not be fetched."
    rm -rf "$folder/tree"
    mv "$folder/$package"-*/ "$folder/tree"
    rm -rf "$folder/lists"
}
