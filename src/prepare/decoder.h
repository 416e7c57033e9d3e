// SPDX-License-Identifier: Apache-2.0
// Decoder: files of strangers -> pictures, in this process (prepare/local_decoder.h) or in one of its own that can do
// nothing else (prepare/sandboxed_decoder.h). Used by one thread at a time; holds one file open.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "io/input_file.h"
#include "prepare/decoder_input.h"
#include "prepare/picture.h"
#include "prepare/picture_header.h"

namespace atelier::prepare {

// All throw Error beginning with the name, or the file's path, as decode.h, frames.h and media/video_frames.h do; and
// where the decoder crashed, took too long or wanted too much memory, one that says so.
class Decoder {
public:
    virtual ~Decoder() = default;

    // Nothing is decoded yet. `page` as read_header has it.
    virtual HeaderFacts open_picture(DecoderInput input, const std::string& name, int page) = 0;
    // A page of the open picture file; of an animation the next one is cheap. Valid until the decoder is asked again.
    virtual Picture picture(int page) = 0;

    virtual double open_video(std::shared_ptr<const io::InputFile> file) = 0; // seconds; 0: it doesn't say
    // Valid until the decoder is asked again.
    virtual Picture frame(double seconds) = 0;

    // 0: it can't be understood.
    virtual std::size_t heif_pages(std::vector<std::uint8_t> bytes) = 0;

    virtual void close() = 0; // forgets the file and gives its memory back; throws nothing
};

} // namespace atelier::prepare
