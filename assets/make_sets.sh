#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the bundled sets from a folder of Noto Emoji portraits (136x128 PNGs with transparency).
#
#   assets/make_sets.sh PORTRAITS ATELIER      (ATELIER: the program; needs zip; writes into assets/)
#
# Mages, vampires and elves are kept out of the training set: those with a skin tone make up the set of the quick tour, in
# the size of the model that opens and in that of the emoji model.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
portraits="$(cd "$1" && pwd)" atelier="$(readlink -f "$2")"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

make_set() { # NAME SIZE PICTURES: of those in $work/PICTURES
    "$atelier" dataset prepare "$work/$3" --plain --size "$2" --out "$work/$1.zip"
    cat > "$work/NOTICE.txt" <<END
Portraits from Noto Emoji (https://github.com/googlefonts/noto-emoji), Copyright Google LLC.
Font and emoji shapes: SIL Open Font License 1.1; tools and most images: Apache License 2.0.
Flattened on a light ground, padded to a square and scaled to $2x$2.
END
    touch -d 2020-01-01T00:00:00Z "$work/NOTICE.txt"
    (cd "$work" && zip -qX0 "$1.zip" NOTICE.txt)
    mv "$work/$1.zip" "$here/"
}

mkdir "$work/emoji" "$work/tour"
for file in "$portraits"/*.png; do
    name="$(basename "$file")"
    case "$name" in
        1f9d9* | 1f9db* | 1f9dd*)
            case "$name" in *-1f3f[b-f]*) cp "$file" "$work/tour/" ;; esac ;;
        *) cp "$file" "$work/emoji/" ;;
    esac
done
make_set emoji-portraits-64 64 emoji
make_set tour-64 64 tour
make_set tour 128 tour
