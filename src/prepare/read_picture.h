// SPDX-License-Identifier: Apache-2.0
// PictureReader: a source of any kind -> its decoded picture. Owned by one worker thread; keeps its last video or
// animation open. What is a stranger's is decoded in a process of its own.
#pragma once

#include <functional>
#include <memory>

#include "prepare/decoder_pool.h"
#include "prepare/finding.h"
#include "prepare/picture.h"
#include "prepare/sources.h"

namespace atelier::prepare {

class PictureReader {
public:
    explicit PictureReader(Decoding how = Decoding::sandboxed);
    ~PictureReader();
    PictureReader(const PictureReader&) = delete;
    PictureReader& operator=(const PictureReader&) = delete;

    // Reads, decodes, and calls `use`. Of pictures beyond 32 MB or 25 million pixels all threads together hold one at a
    // time. Throws Error without the name: what is wrong with the file, as a predicate ("is a damaged picture").
    Finding with(const Source& source, const std::function<Finding(const Picture&)>& use);

private:
    Finding read(const Source& source, const std::function<Finding(const Picture&)>& use);
    bool is_open(const Source& source) const;
    void remember(const Source& source);

    Decoding how_;
    BorrowedDecoder decoder_; // null until the first picture
    // What the decoder has open still: a video or an animation. Empty: nothing that is of use again.
    std::filesystem::path open_path_;
    std::string open_entry_;
};

} // namespace atelier::prepare
