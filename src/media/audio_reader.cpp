// SPDX-License-Identifier: Apache-2.0
#include "media/audio_reader.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/file_names.h"
#include "io/input_file.h"

namespace atelier::media {
namespace {

SoundOpener& sound_opener() {
    static SoundOpener opener;
    return opener;
}

std::shared_ptr<const io::InputFile> sound_in(const std::filesystem::path& path) {
    try {
        return std::make_shared<const io::InputFile>(path);
    } catch (const Error& error) {
        const std::string prefix = path.string() + ": ", text = error.what();
        fail("{}can't be read as sound: {}", prefix, text.starts_with(prefix) ? text.substr(prefix.size()) : text);
    }
}

} // namespace

void open_sounds_by(SoundOpener opener) {
    sound_opener() = std::move(opener);
}

AudioReader::AudioReader(const std::filesystem::path& path) : path_(path) {
    const std::shared_ptr<const io::InputFile> file = sound_in(path);
    if (const SoundOpener& opener = sound_opener()) {
        source_ = opener(file);
    }
    if (!source_) {
        source_ = open_sound_here(file);
    }
}

AudioReader::~AudioReader() = default;

int AudioReader::rate() const {
    return source_->rate();
}

double AudioReader::seconds() const {
    return source_->seconds();
}

std::size_t AudioReader::read(std::span<float> stereo) {
    const std::size_t pairs = source_->read(stereo);
    pairs_ += static_cast<std::int64_t>(pairs);
    if (static_cast<double>(pairs_) > longest_sound * rate()) {
        fail("{}: is longer than {:.0f} hours, which is the most that is read.", path_.string(), longest_sound / 3600);
    }
    return pairs;
}

void AudioReader::skip(std::int64_t pairs) {
    std::array<float, 4096> nowhere{};
    while (pairs > 0) {
        const auto want = static_cast<std::size_t>(std::min<std::int64_t>(pairs, nowhere.size() / 2));
        const std::size_t got = read(std::span(nowhere).first(want * 2));
        if (got == 0) {
            break;
        }
        pairs -= static_cast<std::int64_t>(got);
    }
}

void mix_to_mono(std::span<const float> stereo, std::vector<float>& mono) {
    mono.resize(stereo.size() / 2);
    for (std::size_t i = 0; i < mono.size(); ++i) {
        mono[i] = 0.5f * stereo[2 * i] + 0.5f * stereo[2 * i + 1]; // no sum that is too large for a float
    }
}

bool is_sound_file(const std::filesystem::path& path) {
    constexpr std::array names{".wav", ".wave", ".w64", ".mp3",  ".flac", ".ogg", ".oga", ".opus",
                               ".m4a", ".aac",  ".aif", ".aiff", ".wma",  ".caf", ".wv"};
    return std::ranges::find(names, lower_extension(path)) != names.end();
}

} // namespace atelier::media
