// SPDX-License-Identifier: Apache-2.0
// What the process that reads a stranger's file does with a question.
#pragma once

#include <memory>

#include "media/audio_reader.h"
#include "sandbox/serve.h"
#include "strangers/wire.h"

namespace atelier::strangers {

class ReaderService {
public:
    // A model, or samples, go into the shared memory. Throws std::bad_alloc.
    Bytes answer(sandbox::Question& asked);

private:
    Bytes model(sandbox::Question& asked) const;
    Bytes open_sound(sandbox::Question& asked);
    Bytes read_sound(sandbox::Question& asked) const;

    std::unique_ptr<media::SoundSource> sound_;
};

} // namespace atelier::strangers
