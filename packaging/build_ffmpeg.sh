#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds FFmpeg's libraries under the LGPL from Debian 12's source package: those that Debian itself builds hold x264 and
# x265 and so are under the GPL. Same versions, names and ABI; H.264 is written by OpenH264 (BSD). What it reads is what
# cameras, editors, screen recorders and music files are made of; what it writes is what Atelier writes.
#
#   packaging/build_ffmpeg.sh FOLDER    leaves FOLDER/lib/*.so and FOLDER/notice.txt; does nothing where they are there
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/common.sh"
. "$ROOT/packaging/sources.sh"

folder="$(readlink -m "${1:?a folder is needed}")"
recipe="$(sha256sum "${BASH_SOURCE[0]}" | cut -c 1-16)"
[ "$(cat "$folder/recipe" 2>/dev/null)" != "$recipe" ] || exit 0
rm -rf "$folder"
mkdir -p "$folder"
debian_source ffmpeg "$folder"
cd "$folder/tree"
say "building FFmpeg $(cat RELEASE) under the LGPL"
options=(
    --disable-autodetect --disable-static --enable-shared --disable-programs --disable-doc --disable-debug
    --disable-avdevice --disable-avfilter --disable-postproc --disable-network --disable-everything
    --enable-zlib --enable-libopenh264 --enable-protocol=file,pipe,data
    --enable-encoder=libopenh264,prores_ks,prores_aw,ffv1,png,aac,pcm_s16le,pcm_s24le,pcm_f32le
    --enable-muxer=mp4,mov,matroska,wav,image2
    --enable-demuxer=mov,matroska,avi,mpegts,mpegps,flv,asf,ogg,wav,aiff,flac,mp3,aac,ac3,w64,caf,m4v,h264,hevc,mxf,gif,image2,ape,wv,mpegvideo,dv,yuv4mpegpipe,rawvideo
    --enable-decoder=h264,hevc,vp8,vp9,mpeg4,mpeg1video,mpeg2video,mjpeg,prores,ffv1,png,gif,webp,bmp,tiff,dnxhd,dvvideo,rawvideo,qtrle,huffyuv,ffvhuff,utvideo,magicyuv,hap,cfhd,vc1,wmv3,wmv2,wmv1,msmpeg4v2,msmpeg4v3,theora,h263,flv,cinepak,svq1,svq3,v210,v210x,r210,aac,aac_latm,mp3,mp3float,mp2,mp1,flac,alac,vorbis,opus,ac3,eac3,dca,wmav1,wmav2,wmapro,ape,wavpack,tta,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_f32be,pcm_f64le,pcm_u8,pcm_s8,pcm_alaw,pcm_mulaw,pcm_bluray,pcm_dvd,adpcm_ms,adpcm_ima_wav,adpcm_ima_qt
    --enable-parser=aac,aac_latm,ac3,av1,bmp,dca,dirac,dnxhd,dvbsub,flac,gif,h263,h264,hevc,mjpeg,mlp,mpeg4video,mpegaudio,mpegvideo,opus,png,vc1,vorbis,vp3,vp8,vp9,webp
    --enable-bsf=h264_mp4toannexb,hevc_mp4toannexb,aac_adtstoasc,vp9_superframe,vp9_superframe_split,extract_extradata,null
)
./configure --prefix="$folder/install" "${options[@]}" >"$folder/configure.log" || die "FFmpeg can't be configured; see $folder/configure.log"
grep -q '^License: LGPL' "$folder/configure.log" || die "that would not be under the LGPL; see $folder/configure.log"
make -j "$(nproc)" >"$folder/make.log" 2>&1 || die "FFmpeg doesn't compile; see $folder/make.log"
make install >>"$folder/make.log" 2>&1
mkdir -p "$folder/lib"
find "$folder/install/lib" -name '*.so.*' -type l -name '*.so.[0-9]*' | while read -r link; do
    # What programs ask for: one number, such as libavcodec.so.59.
    [[ "$link" =~ \.so\.[0-9]+$ ]] && cp -L "$link" "$folder/lib/"
done
{
    echo "FFmpeg $(cat RELEASE), Debian source package ffmpeg $(sed -n '1s/.*(\(.*\)).*/\1/p' debian/changelog)"
    echo "Licence: LGPL-2.1-or-later. Configured with: ${options[*]}"
    echo
    cat COPYING.LGPLv2.1
} >"$folder/notice.txt"
rm -rf "$folder/tree" "$folder/install"
echo "$recipe" >"$folder/recipe"
