// SPDX-License-Identifier: Apache-2.0
// libheif's functions, from the library of the system, which is loaded when the first HEIC or AVIF picture is read:
// most sets have none, and Debian's brings an encoder under the GPL with it, which is not to be part of every process.
#pragma once

#include <string>

#include <libheif/heif.h>

#define ATELIER_HEIF_FUNCTIONS(each)                                                                                   \
    each(context_alloc) each(context_free) each(context_get_image_handle)                                              \
        each(context_get_list_of_top_level_image_IDs) each(context_get_number_of_top_level_images)                     \
            each(context_read_from_memory_without_copy) each(context_set_max_decoding_threads)                         \
                each(context_set_maximum_image_size_limit) each(decode_image) each(decoding_options_alloc)             \
                    each(decoding_options_free) each(image_get_height) each(image_get_plane_readonly)                  \
                        each(image_get_width) each(image_handle_get_height) each(image_handle_get_nclx_color_profile)  \
                            each(image_handle_get_raw_color_profile) each(image_handle_get_raw_color_profile_size)     \
                                each(image_handle_get_width) each(image_handle_has_alpha_channel)                      \
                                    each(image_handle_release) each(image_release) each(nclx_color_profile_free)

namespace atelier::prepare {

struct HeifLibrary {
#define ATELIER_HEIF_MEMBER(name) decltype(&::heif_##name) name = nullptr;
    ATELIER_HEIF_FUNCTIONS(ATELIER_HEIF_MEMBER)
#undef ATELIER_HEIF_MEMBER
};

// `soname`: what the system's loader looks for; it stays loaded. Throws Error, a sentence without a file's name: it
// isn't installed, or too old.
HeifLibrary load_heif(const std::string& soname);

// The one of this process. Throws as load_heif, at each call until it is installed.
const HeifLibrary& heif_library();

} // namespace atelier::prepare
