// SPDX-License-Identifier: Apache-2.0
// SandboxedSound: a song whose samples another process decodes.
#pragma once

#include <memory>
#include <vector>

#include "io/input_file.h"
#include "media/audio_reader.h"
#include "sandbox/worker.h"

namespace atelier::strangers {

class SandboxedSound final : public media::SoundSource {
public:
    // Throws Error "<path>: ..." as media::AudioReader, sandbox::Unavailable.
    SandboxedSound(sandbox::Forker& forker, std::shared_ptr<const io::InputFile> file);

    int rate() const override { return rate_; }
    double seconds() const override { return seconds_; }
    std::size_t read(std::span<float> stereo) override;

private:
    std::vector<std::uint8_t> ask(const std::vector<std::uint8_t>& question, int fd = -1);
    bool fetch();
    [[noreturn]] void nonsense() const;

    std::shared_ptr<const io::InputFile> file_;
    sandbox::Worker worker_;
    int rate_ = 0;
    double seconds_ = 0;
    std::vector<float> waiting_; // samples, from next_ on
    std::size_t next_ = 0;
    bool ended_ = false;
};

} // namespace atelier::strangers
