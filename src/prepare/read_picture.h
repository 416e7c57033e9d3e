// SPDX-License-Identifier: Apache-2.0
// PictureReader: a source of any kind -> its decoded picture. Owned by one worker thread; keeps its last video or
// animation open.
#pragma once

#include <functional>
#include <memory>

#include "prepare/finding.h"
#include "prepare/picture.h"
#include "prepare/sources.h"

namespace atelier::media {
class VideoFrames;
}

namespace atelier::prepare {

class PictureReader {
public:
    PictureReader();
    ~PictureReader();
    PictureReader(const PictureReader&) = delete;
    PictureReader& operator=(const PictureReader&) = delete;

    // Reads, decodes, and calls `use`. Of pictures beyond 32 MB or 25 million pixels all threads together hold one at a
    // time. Throws Error without the name: what is wrong with the file, as a predicate ("is a damaged picture").
    Finding with(const Source& source, const std::function<Finding(const Picture&)>& use);

private:
    Picture video_picture(const Source& source);
    Picture frame_of(const Source& source, std::vector<std::uint8_t> bytes);
    bool is_open(const Source& source) const;

    std::unique_ptr<media::VideoFrames> video_;
    std::filesystem::path video_path_;
    struct Animation;
    std::unique_ptr<Animation> animation_;
};

} // namespace atelier::prepare
