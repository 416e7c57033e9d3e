// SPDX-License-Identifier: Apache-2.0
#include "prepare/heif.h"

#include <memory>
#include <vector>

#include <libheif/heif.h>
#include <opencv2/imgproc.hpp>

#include "base/error.h"
#include "io/colour_profile.h"

namespace atelier::prepare {
namespace {

template <auto Free> struct Freed {
    template <typename T> void operator()(T* thing) const { Free(thing); }
};
using Context = std::unique_ptr<heif_context, Freed<heif_context_free>>;
using Handle = std::unique_ptr<heif_image_handle, Freed<heif_image_handle_release>>;
using Image = std::unique_ptr<heif_image, Freed<heif_image_release>>;
using Options = std::unique_ptr<heif_decoding_options, Freed<heif_decoding_options_free>>;
using Nclx = std::unique_ptr<heif_color_profile_nclx, Freed<heif_nclx_color_profile_free>>;

// Null: it can't be understood. `data` must outlive it.
Context opened(io::Bytes data, std::string& why) {
    Context context(heif_context_alloc());
    if (!context) {
        return nullptr;
    }
    heif_context_set_max_decoding_threads(context.get(), 0); // the pictures are what is done side by side
    heif_context_set_maximum_image_size_limit(context.get(), static_cast<int>(most_side));
    const heif_error error =
        heif_context_read_from_memory_without_copy(context.get(), data.data(), data.size(), nullptr);
    if (error.code != heif_error_Ok) {
        why = error.message;
        return nullptr;
    }
    return context;
}

[[noreturn]] void damaged(const std::string& name, const std::string& why) {
    fail("{}: is a damaged picture, or of a rare kind that can't be decoded ({})", name, why);
}

Handle page_of(const Context& context, const std::string& name, int page, const std::string& why) {
    if (!context) {
        damaged(name, why);
    }
    const int count = heif_context_get_number_of_top_level_images(context.get());
    if (page < 0 || page >= count) {
        damaged(name, count == 0 ? "there is no picture in it" : "it has no such page");
    }
    std::vector<heif_item_id> ids(static_cast<std::size_t>(count));
    heif_context_get_list_of_top_level_image_IDs(context.get(), ids.data(), count);
    heif_image_handle* handle = nullptr;
    const heif_error error = heif_context_get_image_handle(context.get(), ids[static_cast<std::size_t>(page)], &handle);
    if (error.code != heif_error_Ok) {
        damaged(name, error.message);
    }
    return Handle(handle);
}

// ICC, or one made of the numbers that stand in its place; empty: sRGB, or not said.
std::vector<std::uint8_t> profile_of(const heif_image_handle* handle) {
    const std::size_t bytes = heif_image_handle_get_raw_color_profile_size(handle);
    if (bytes > 0 && bytes <= io::most_profile) {
        std::vector<std::uint8_t> profile(bytes);
        if (heif_image_handle_get_raw_color_profile(handle, profile.data()).code == heif_error_Ok) {
            return profile;
        }
    }
    heif_color_profile_nclx* nclx = nullptr;
    if (heif_image_handle_get_nclx_color_profile(handle, &nclx).code != heif_error_Ok) {
        return {};
    }
    const Nclx numbers(nclx);
    return io::profile_of_primaries(numbers->color_primaries);
}

} // namespace

std::size_t heif_pages(io::Bytes data) {
    std::string why;
    const Context context = opened(data, why);
    return context ? static_cast<std::size_t>(heif_context_get_number_of_top_level_images(context.get())) : 0;
}

HeaderFacts heif_header(io::Bytes data, const std::string& name, int page) {
    std::string why = "there is not enough memory";
    const Context context = opened(data, why);
    const Handle handle = page_of(context, name, page, why);
    return {Kind::heif, heif_image_handle_get_width(handle.get()), heif_image_handle_get_height(handle.get())};
}

Picture decode_heif(io::Bytes data, const std::string& name, int page) {
    std::string why = "there is not enough memory";
    const Context context = opened(data, why);
    const Handle handle = page_of(context, name, page, why);
    const int width = heif_image_handle_get_width(handle.get()), height = heif_image_handle_get_height(handle.get());
    const bool alpha = heif_image_handle_has_alpha_channel(handle.get()) != 0;
    const Options options(heif_decoding_options_alloc());
    if (options) {
        options->convert_hdr_to_8bit = 1;
    }
    heif_image* decoded = nullptr;
    const heif_error error =
        heif_decode_image(handle.get(), &decoded, heif_colorspace_RGB,
                          alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB, options.get());
    const Image image(decoded);
    if (error.code != heif_error_Ok) {
        damaged(name, error.message);
    }
    int stride = 0;
    const std::uint8_t* rows = heif_image_get_plane_readonly(image.get(), heif_channel_interleaved, &stride);
    if (rows == nullptr || heif_image_get_width(image.get(), heif_channel_interleaved) != width ||
        heif_image_get_height(image.get(), heif_channel_interleaved) != height) {
        damaged(name, "it has two sizes");
    }
    const cv::Mat rgb(height, width, alpha ? CV_8UC4 : CV_8UC3, const_cast<std::uint8_t*>(rows),
                      static_cast<std::size_t>(stride));
    Picture picture;
    cv::cvtColor(rgb, picture.pixels, alpha ? cv::COLOR_RGBA2BGRA : cv::COLOR_RGB2BGR);
    io::to_srgb(picture.pixels.data, picture.pixels.total(), alpha ? 4 : 3, io::ChannelOrder::bgr,
                profile_of(handle.get()));
    return picture;
}

} // namespace atelier::prepare
