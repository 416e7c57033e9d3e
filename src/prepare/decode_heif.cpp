// SPDX-License-Identifier: Apache-2.0
#include "prepare/decode_heif.h"

#include <memory>
#include <vector>

#include <opencv2/imgproc.hpp>

#include "io/colour_profile.h"
#include "prepare/heif.h"
#include "prepare/heif_library.h"

namespace atelier::prepare {
namespace {

template <auto Free> struct Freed {
    template <typename T> void operator()(T* thing) const { (heif_library().*Free)(thing); }
};
using Image = std::unique_ptr<heif_image, Freed<&HeifLibrary::image_release>>;
using Options = std::unique_ptr<heif_decoding_options, Freed<&HeifLibrary::decoding_options_free>>;
using Nclx = std::unique_ptr<heif_color_profile_nclx, Freed<&HeifLibrary::nclx_color_profile_free>>;

// ICC, or one made of the numbers that stand in its place; empty: sRGB, or not said.
std::vector<std::uint8_t> profile_of(const heif_image_handle* handle) {
    const HeifLibrary& heif = heif_library();
    const std::size_t bytes = heif.image_handle_get_raw_color_profile_size(handle);
    if (bytes > 0 && bytes <= io::most_profile) {
        std::vector<std::uint8_t> profile(bytes);
        if (heif.image_handle_get_raw_color_profile(handle, profile.data()).code == heif_error_Ok) {
            return profile;
        }
    }
    heif_color_profile_nclx* nclx = nullptr;
    if (heif.image_handle_get_nclx_color_profile(handle, &nclx).code != heif_error_Ok) {
        return {};
    }
    const Nclx numbers(nclx);
    return io::profile_of_primaries(numbers->color_primaries);
}

} // namespace

cv::Mat decode_heif(io::Bytes data, const std::string& name, int page) {
    const HeifFile file(data, name);
    const HeifLibrary& heif = heif_library();
    const auto handle = file.page(page);
    const int width = heif.image_handle_get_width(handle.get()), height = heif.image_handle_get_height(handle.get());
    const bool alpha = heif.image_handle_has_alpha_channel(handle.get()) != 0;
    const Options options(heif.decoding_options_alloc());
    if (options) {
        options->convert_hdr_to_8bit = 1;
    }
    heif_image* decoded = nullptr;
    const heif_error error =
        heif.decode_image(handle.get(), &decoded, heif_colorspace_RGB,
                          alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB, options.get());
    const Image image(decoded);
    if (error.code != heif_error_Ok) {
        file.damaged(error.message);
    }
    int stride = 0;
    const std::uint8_t* rows = heif.image_get_plane_readonly(image.get(), heif_channel_interleaved, &stride);
    if (rows == nullptr || heif.image_get_width(image.get(), heif_channel_interleaved) != width ||
        heif.image_get_height(image.get(), heif_channel_interleaved) != height) {
        file.damaged("it has two sizes");
    }
    const cv::Mat rgb(height, width, alpha ? CV_8UC4 : CV_8UC3, const_cast<std::uint8_t*>(rows),
                      static_cast<std::size_t>(stride));
    cv::Mat pixels;
    cv::cvtColor(rgb, pixels, alpha ? cv::COLOR_RGBA2BGRA : cv::COLOR_RGB2BGR);
    io::to_srgb(pixels.data, pixels.total(), alpha ? 4 : 3, io::ChannelOrder::bgr, profile_of(handle.get()));
    return pixels;
}

} // namespace atelier::prepare
