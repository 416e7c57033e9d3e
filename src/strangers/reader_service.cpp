// SPDX-License-Identifier: Apache-2.0
#include "strangers/reader_service.h"

#include <algorithm>

#include <ATen/Parallel.h>

#include "base/error.h"
#include "io/checkpoint_reader.h"
#include "strangers/packed_model.h"

namespace atelier::strangers {
namespace {

std::shared_ptr<const io::InputFile> file_of(sandbox::Question& asked) {
    return std::make_shared<const io::InputFile>(asked.file.release(), text_of(asked.bytes));
}

} // namespace

Bytes ReaderService::answer(sandbox::Question& asked) {
    try {
        switch (static_cast<Task>(asked.bytes.empty() ? 0 : asked.bytes[0])) {
        case Task::model: return model(asked);
        case Task::open_sound: return open_sound(asked);
        case Task::read_sound: return read_sound(asked);
        }
        return {};
    } catch (const Error& error) {
        return message(Outcome::refused, std::string_view(error.what()).substr(0, longest_sentence));
    }
}

Bytes ReaderService::model(sandbox::Question& asked) const {
    at::set_num_threads(1);
    return message_with(Outcome::done, pack(io::read_checkpoint_here(*file_of(asked)), asked.shared));
}

Bytes ReaderService::open_sound(sandbox::Question& asked) {
    sound_ = media::open_sound_here(file_of(asked));
    return message_with(Outcome::done, SoundFacts{sound_->seconds(), sound_->rate()});
}

Bytes ReaderService::read_sound(sandbox::Question& asked) const {
    const auto pairs = value_of<std::uint64_t>(asked.bytes);
    if (!sound_ || !pairs || *pairs > asked.shared.size() / (2 * sizeof(float)))
        return {};
    // The memory is a page's beginning, so floats may lie there.
    auto* const samples = reinterpret_cast<float*>(asked.shared.data());
    const std::uint64_t count = sound_->read({samples, static_cast<std::size_t>(2 * *pairs)});
    return message_with(Outcome::done, count);
}

} // namespace atelier::strangers
