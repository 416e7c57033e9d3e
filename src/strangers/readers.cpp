// SPDX-License-Identifier: Apache-2.0
#include "strangers/readers.h"

#include <atomic>

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Version.h>

#include "base/error.h"
#include "base/log.h"
#include "io/checkpoint_reader.h"
#include "sandbox/forker.h"
#include "strangers/packed_model.h"
#include "strangers/reader_service.h"
#include "strangers/sandboxed_sound.h"

namespace atelier::strangers {
namespace {

constexpr double model_seconds = 120; // of computing
// Beside several times what the file holds: its values are read, and packed, and may be packed more tightly in it.
constexpr std::uint64_t least_memory = 2ULL << 30U, least_shared = 256ULL << 20U;
constexpr std::uint64_t times_the_file = 4;

sandbox::Forker::Answer new_service() {
    // Both look at files of the system, where none can be opened later: for a seed, and for what the processor can do,
    // by which random numbers and sums are made.
    at::detail::getDefaultCPUGenerator();
    at::get_cpu_capability();
    return [service = std::make_shared<ReaderService>()](sandbox::Question& asked) { return service->answer(asked); };
}

} // namespace

struct Readers::Impl {
    sandbox::Forker forker{new_service()};
    std::atomic<bool> told{false};

    io::CheckpointFile model(const io::InputFile& input) {
        const std::uint64_t size = times_the_file * input.size();
        sandbox::Worker worker(forker, {.seconds = model_seconds, .memory = least_memory + size}, least_shared + size);
        Bytes answer;
        try {
            answer = worker.ask(message(Task::model, input.path().string()), input.fd());
        } catch (const sandbox::Lost& lost) {
            fail("{}", lost.what());
        }
        if (!answer.empty() && answer[0] == static_cast<std::uint8_t>(Outcome::refused))
            throw Error(text_of(answer));
        const auto at = value_of<PackedAt>(answer);
        if (!at)
            fail("could not be read: its reader answered nonsense");
        worker.stop(); // what it has left there nobody changes from now on
        return unpack(worker.shared().bytes(), *at);
    }
    // Null or none: it can't be had.
    template <typename Read> auto unless_unavailable(const Read& read) -> decltype(read()) {
        try {
            return read();
        } catch (const sandbox::Unavailable& trouble) {
            if (!told.exchange(true))
                log_warning("Model files and songs are read without a sandbox: {}.", trouble.what());
            return {};
        }
    }
};

Readers::Readers() {
    try {
        impl_ = std::make_unique<Impl>();
    } catch (const sandbox::Unavailable& trouble) {
        log_info("Model files and songs are read without a sandbox: {}.", trouble.what());
        return;
    }
    io::read_strangers_by([this](const io::InputFile& input) {
        return impl_->unless_unavailable([&] { return std::optional(impl_->model(input)); });
    });
    media::open_sounds_by([this](const std::shared_ptr<const io::InputFile>& file) {
        return impl_->unless_unavailable([&]() -> std::unique_ptr<media::SoundSource> {
            return std::make_unique<SandboxedSound>(impl_->forker, file);
        });
    });
}

Readers::~Readers() {
    io::read_strangers_by({});
    media::open_sounds_by({});
}

} // namespace atelier::strangers
