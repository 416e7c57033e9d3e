#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds OpenCV's imgcodecs without GDAL and GDCM, which bring some hundred libraries along, some of them under the GPL,
# and with a libtiff of its own without JBIG (GPL). From Debian 12's source packages, for Debian's OpenCV: same name, same
# ABI. It reads and writes JPEG, PNG, WebP, TIFF, BMP and the other small formats.
#
#   packaging/build_imgcodecs.sh FOLDER    leaves FOLDER/lib/libopencv_imgcodecs.so.406 and FOLDER/notice.txt
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/common.sh"
. "$ROOT/packaging/sources.sh"

folder="$(readlink -m "${1:?a folder is needed}")"
recipe="$(sha256sum "${BASH_SOURCE[0]}" | cut -c 1-16)"
[ "$(cat "$folder/recipe" 2>/dev/null)" != "$recipe" ] || exit 0
rm -rf "$folder"
mkdir -p "$folder/tiff" "$folder/opencv" "$folder/objects/opencv2" "$folder/lib"

debian_source tiff "$folder/tiff"
say "building libtiff without JBIG"
PATH="$DEPS/tools/bin:$PATH"
{
    cmake -S "$folder/tiff/tree" -B "$folder/tiff/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF \
        -DCMAKE_POSITION_INDEPENDENT_CODE=ON -Djbig=OFF -Dlerc=OFF -Dlibdeflate=OFF -Dcxx=OFF \
        -DCMAKE_INSTALL_PREFIX="$folder/tiff/install" -DCMAKE_INSTALL_LIBDIR=lib &&
        ninja -C "$folder/tiff/build" tiff &&
        cmake --install "$folder/tiff/build/libtiff"
} >"$folder/tiff.log" 2>&1 || die "libtiff can't be built; see $folder/tiff.log"

debian_source opencv "$folder/opencv"
say "building OpenCV's imgcodecs without GDAL and GDCM"
tree="$folder/opencv/tree" objects="$folder/objects"
# Debian's own configuration, but for those two.
sed -E '/HAVE_(EIGEN|GDAL|GDCM|OPENEXR|OPENJPEG|JASPER|IMGCODEC_EXR)/d' /usr/include/x86_64-linux-gnu/opencv4/opencv2/cvconfig.h >"$objects/cvconfig.h"
cp "$objects/cvconfig.h" "$objects/opencv2/cvconfig.h"
# Debian's headers lack those that only OpenCV itself includes. The processor's features are chosen where they matter, in
# its other libraries.
(cd "$tree/modules/core/include" && find . -name '*private*.hpp' -exec cp --parents -t "$objects" {} +)
echo '#define CV_CPU_BASELINE_FEATURES 0' >"$objects/cv_cpu_config.h"
flags=(-O2 -DNDEBUG -std=c++11 -fPIC -fvisibility=hidden -w -D__OPENCV_BUILD=1 -DCVAPI_EXPORTS
    -DHAVE_JPEG -DHAVE_PNG -DHAVE_TIFF -DHAVE_WEBP -DHAVE_IMGCODEC_HDR -DHAVE_IMGCODEC_SUNRASTER -DHAVE_IMGCODEC_PXM
    -DHAVE_IMGCODEC_PFM
    -I"$objects" -I"$folder/tiff/install/include" -I"$tree/modules/imgcodecs/include" -I"$tree/modules/imgcodecs/src"
    -I/usr/include/x86_64-linux-gnu/opencv4 -I/usr/include/opencv4)
printf '%s\n' "$tree"/modules/imgcodecs/src/*.cpp |
    xargs -P "$(nproc)" -I {} sh -c 'out="$1/$(basename "$2").o"; shift 2; exec g++ "$@" -c {} -o "$out"' \
        sh "$objects" {} "${flags[@]}" >"$folder/make.log" 2>&1 || die "imgcodecs doesn't compile; see $folder/make.log"
system=/usr/lib/x86_64-linux-gnu
g++ -shared -o "$folder/lib/libopencv_imgcodecs.so.406" -Wl,-soname,libopencv_imgcodecs.so.406 -Wl,--no-undefined \
    -Wl,--exclude-libs,ALL -s "$objects"/*.o "$folder/tiff/install/lib/libtiff.a" "$system/libopencv_imgproc.so" \
    "$system/libopencv_core.so" -ljpeg -lpng -lwebp -lz -llzma -lzstd -lm
{
    echo "OpenCV's imgcodecs, Debian source package opencv $(sed -n '1s/.*(\(.*\)).*/\1/p' "$tree/debian/changelog"), built without GDAL and GDCM"
    cat "$tree/debian/copyright"
    echo
    echo "libtiff, Debian source package tiff $(sed -n '1s/.*(\(.*\)).*/\1/p' "$folder/tiff/tree/debian/changelog"), built without JBIG"
    cat "$folder/tiff/tree/debian/copyright"
} >"$folder/notice.txt"
rm -rf "$folder/tiff" "$folder/opencv" "$objects"
echo "$recipe" >"$folder/recipe"
