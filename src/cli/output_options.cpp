// SPDX-License-Identifier: Apache-2.0
#include "cli/output_options.h"

#include <optional>

#include "base/picture_size.h"
#include "cli/options.h"

namespace atelier {
namespace {

// "512" or "1920x1080", 0 for the picture's own.
void take_size(const std::string& text, media::OutputOptions& output) {
    const std::optional<WrittenSize> size = read_size(text);
    if (!size) {
        fail("--size is '{}'; it must be a side in px, such as 512, or width x height, such as 1920x1080.", text);
    }
    if (size->height && (size->width == 0 || size->height == 0)) {
        fail("--size is '{}'; both its width and its height must be 16 to 16384 px.", text);
    }
    output.width = size->width;
    output.height = size->height.value_or(0);
}

} // namespace

void add_output_options(CLI::App& command, OutputText& text) {
    command
        .add_option("--out", text.out,
                    "Video ending in .mp4 (H.264), .mov (ProRes) or .mkv (FFV1, lossless), .webp for an animated "
                    "picture, or a folder for frame-000000.png, frame-000001.png")
        ->required();
    command.add_option("--fps", text.fps, "Frames a second, 1 to 240")->capture_default_str();
    command
        .add_option("--size", text.size, "Side of the output in px, or WIDTHxHEIGHT, 16 to 16384, even; 0: the model's")
        ->capture_default_str();
    command.add_option("--aspect", text.aspect, "Into another shape by black bars (pad) or by the middle (crop)")
        ->capture_default_str();
    command.add_option("--codec", text.codec, "h264, prores, ffv1, webp or png; by the name of --out unless told");
    command.add_option("--crf", text.crf, "Quality of H.264 and WebP, 0 (lossless, large) to 51 (poor)")
        ->capture_default_str();
    command.add_option("--prores", text.prores, "ProRes quality: proxy, lt, standard, hq or 4444")
        ->capture_default_str();
    command
        .add_option("--flashes", text.flashes,
                    "Of a large part of the picture, that could harm people: warn, soften (even them out) or off")
        ->capture_default_str();
    command.add_option("--flash-limit", text.flash_limit, "How many flashes a second are not too many, 1 to 10")
        ->capture_default_str();
}

media::OutputOptions output_options(const OutputText& text) {
    using media::Aspect, media::Codec, media::ProRes;
    media::OutputOptions output;
    output.path = text.out;
    take_size(text.size, output);
    output.aspect = choose<Aspect>(text.aspect, "--aspect", {{"pad", Aspect::pad}, {"crop", Aspect::crop}});
    output.codec = text.codec.empty() ? media::codec_for(text.out)
                                      : choose<Codec>(text.codec, "--codec",
                                                      {{"h264", Codec::h264},
                                                       {"prores", Codec::prores},
                                                       {"ffv1", Codec::ffv1},
                                                       {"png", Codec::png},
                                                       {"webp", Codec::webp}});
    output.crf = text.crf;
    output.fps = text.fps;
    output.prores = choose<ProRes>(text.prores, "--prores",
                                   {{"proxy", ProRes::proxy},
                                    {"lt", ProRes::lt},
                                    {"standard", ProRes::standard},
                                    {"hq", ProRes::hq},
                                    {"4444", ProRes::full}});
    output.flash.guard =
        choose<FlashGuard>(text.flashes, "--flashes",
                           {{"off", FlashGuard::off}, {"warn", FlashGuard::warn}, {"soften", FlashGuard::soften}});
    if (!(text.flash_limit >= least_flashes && text.flash_limit <= most_flashes)) {
        fail("--flash-limit is {}; it must be {} to {} flashes a second.", text.flash_limit, least_flashes,
             most_flashes);
    }
    output.flash.per_second = text.flash_limit;
    media::check_path(output);
    media::check_values(output);
    return output;
}

} // namespace atelier
