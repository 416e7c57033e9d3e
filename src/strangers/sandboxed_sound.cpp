// SPDX-License-Identifier: Apache-2.0
#include "strangers/sandboxed_sound.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "strangers/wire.h"

namespace atelier::strangers {
namespace {

constexpr sandbox::Limits limits{.seconds = 60, .memory = 1ULL << 30U}; // for each question

} // namespace

SandboxedSound::SandboxedSound(sandbox::Forker& forker, std::shared_ptr<const io::InputFile> file)
    : file_(std::move(file)), worker_(forker, limits, sound_bytes) {
    const auto facts = value_of<SoundFacts>(ask(message(Task::open_sound, file_->path().string()), file_->fd()));
    if (!facts || facts->rate < media::lowest_rate || facts->rate > media::highest_rate ||
        !(facts->seconds >= 0 && facts->seconds < 1e12))
        nonsense();
    rate_ = static_cast<int>(facts->rate);
    seconds_ = facts->seconds;
}

std::vector<std::uint8_t> SandboxedSound::ask(const std::vector<std::uint8_t>& question, int fd) {
    std::vector<std::uint8_t> answer;
    const std::string prefix = file_->path().string() + ": ";
    try {
        answer = worker_.ask(question, fd);
    } catch (const sandbox::Lost& lost) {
        fail("{}{}", prefix, lost.what());
    }
    if (!answer.empty() && answer[0] == static_cast<std::uint8_t>(Outcome::refused)) {
        const std::string text = text_of(answer);
        fail("{}{}", text.starts_with(prefix) ? "" : prefix, text);
    }
    return answer;
}

void SandboxedSound::nonsense() const {
    fail("{}: could not be read: its decoder answered nonsense", file_->path().string());
}

// False at the end.
bool SandboxedSound::fetch() {
    waiting_.clear();
    next_ = 0;
    if (ended_)
        return false;
    const auto pairs = value_of<std::uint64_t>(ask(message_with(Task::read_sound, std::uint64_t{sound_pairs})));
    if (!pairs || *pairs > sound_pairs)
        nonsense();
    waiting_.resize(2 * *pairs);
    std::memcpy(waiting_.data(), worker_.shared().bytes().data(), waiting_.size() * sizeof(float));
    for (float& each : waiting_)
        each = std::isfinite(each) ? std::clamp(each, -media::loudest, media::loudest) : 0.0f;
    ended_ = *pairs < sound_pairs;
    return *pairs > 0;
}

std::size_t SandboxedSound::read(std::span<float> stereo) {
    std::size_t done = 0;
    while (done + 1 < stereo.size()) {
        if (next_ == waiting_.size() && !fetch())
            break;
        const std::size_t count = std::min(waiting_.size() - next_, (stereo.size() - done) / 2 * 2);
        std::copy_n(waiting_.begin() + static_cast<std::ptrdiff_t>(next_), count,
                    stereo.begin() + static_cast<std::ptrdiff_t>(done));
        next_ += count;
        done += count;
    }
    return done / 2;
}

} // namespace atelier::strangers
