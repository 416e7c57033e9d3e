#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# That libraries whose licence nobody has looked at stay out of packages: Debian's own FFmpeg and imgcodecs, which bring
# GPL ones along, are refused before anything is copied; and that the list names none of those.
#   licence_test.sh SOURCE PROGRAM
set -euo pipefail
source="$1" program="$2"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*"; exit 1; }

for library in libx264-164 libx265-199 libxvidcore4 libpoppler126 libgdal32 libjbig0 libheif1 libavcodec59 libdb5.3; do
    grep -q "^$library " "$source/packaging/libraries.txt" && fail "packaging/libraries.txt lets $library in"
done
if python3 "$source/packaging/collect.py" "$work/tree" "$program" >"$work/said" 2>&1; then
    fail "Debian's own FFmpeg and OpenCV would be packed"
fi
grep -q "which packaging/libraries.txt doesn't name" "$work/said" || fail "another refusal: $(cat "$work/said")"
[ ! -e "$work/tree" ] || fail "something was copied all the same"

# Whatever the program asks for besides those two, which are built anew for packages, must stand in the list.
mkdir "$work/built"
for library in $(readelf -d "$program" "$(dirname "$program")/atelier-decode" |
    sed -n 's/.*\[\(lib\(av[a-z]*\|sw[a-z]*\|opencv_imgcodecs\)\.so[.0-9]*\)\]/\1/p' | sort -u); do
    gcc -shared -Wl,-soname,"$library" -o "$work/built/$library" -xc /dev/null
done
python3 "$source/packaging/collect.py" "$work/tree" "$program" "$(dirname "$program")/atelier-decode" --first "$work/built" \
    --only-check >"$work/allowed" 2>&1 || fail "$(cat "$work/allowed")"
echo "$(tail -n 1 "$work/allowed") may be packed; what may not is refused: $(tail -n 1 "$work/said")"
