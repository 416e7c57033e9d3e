// SPDX-License-Identifier: Apache-2.0
// What there is to prepare: every picture of the folders, zips, files and videos that a person named.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "prepare/decoder_input.h"

namespace atelier::io {
class ZipFile;
}

namespace atelier::prepare {

enum class SourceKind { file, zip_entry, video_frame };

// One picture, not yet read.
struct Source {
    SourceKind kind = SourceKind::file;
    std::filesystem::path path;             // of the file, zip or video
    std::string entry;                      // in a zip
    double seconds = 0;                     // in a video
    std::string name;                       // for people: as found below what was named, '/' between folders
    std::string folder;                     // the first folder of the name below what was named; empty: none
    std::uint64_t bytes = 0;                // of the file or entry
    std::int64_t changed = 0;               // when the file was, in the file system's ticks
    int page = 0, pages = 1;                // of a file that holds several: pages or frames
    std::string trouble;                    // why it can't be read, known already
    std::shared_ptr<const io::ZipFile> zip; // open while a source needs it
};

struct Sources {
    std::vector<Source> pictures; // in the order of the inputs, sorted by name within each
    int others = 0;               // files that are no pictures: notes, sidecars
};

// `every`: seconds between the frames taken from videos. Links to folders are not followed, links to files are. Files
// are told apart by their contents, but for videos, zips and the raw files of cameras; of files that hold several
// pictures each is a source: "a.gif, frame 2". What can't be read, and a link to a folder, becomes a source with its
// trouble. Throws Error if an input doesn't exist, if nothing that could
// be a picture is found, or more than 1,000,000 pictures.
Sources find_sources(const std::vector<std::filesystem::path>& inputs, double every);

// The file, or the bytes of a zip's entry; not for video frames. Throws Error naming it: vanished, unreadable, larger
// than most_file.
DecoderInput input_of(const Source& source);

} // namespace atelier::prepare
