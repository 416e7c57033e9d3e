#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the two bundled sets from a folder of Noto Emoji portraits (136x128 PNGs with transparency).
#
#   assets/make_sets.sh PORTRAITS ATELIER      (ATELIER: the program; needs zip; writes into assets/)
#
# Mages, vampires and elves are kept out of the training set: those with a skin tone make up the set of the quick tour.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
portraits="$(cd "$1" && pwd)" atelier="$(readlink -f "$2")"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

cat > "$work/NOTICE.txt" <<'END'
Portraits from Noto Emoji (https://github.com/googlefonts/noto-emoji), Copyright Google LLC.
Font and emoji shapes: SIL Open Font License 1.1; tools and most images: Apache License 2.0.
Flattened on a light ground, padded to a square and scaled to 64x64.
END

make_set() { # NAME: of the pictures in $work/NAME
    "$atelier" dataset prepare "$work/$1" --plain --size 64 --out "$work/$1.zip"
    touch -d 2020-01-01T00:00:00Z "$work/NOTICE.txt"
    (cd "$work" && zip -qX0 "$1.zip" NOTICE.txt)
    mv "$work/$1.zip" "$here/"
}

mkdir "$work/emoji-portraits-64" "$work/tour"
for file in "$portraits"/*.png; do
    name="$(basename "$file")"
    case "$name" in
        1f9d9* | 1f9db* | 1f9dd*)
            case "$name" in *-1f3f[b-f]*) cp "$file" "$work/tour/" ;; esac ;;
        *) cp "$file" "$work/emoji-portraits-64/" ;;
    esac
done
make_set emoji-portraits-64
make_set tour
