// SPDX-License-Identifier: Apache-2.0
#include "strangers/model_sandbox.h"

#include <atomic>
#include <cstring>
#include <string>
#include <vector>

#include <ATen/Parallel.h>

#include "base/error.h"
#include "base/log.h"
#include "io/checkpoint.h"
#include "io/input_file.h"
#include "sandbox/forker.h"
#include "sandbox/worker.h"
#include "strangers/packed_model.h"

namespace atelier::strangers {
namespace {

constexpr double most_seconds = 120; // of computing
// Beside what the file holds, several times: its values are read, and packed, and may be packed more tightly there.
constexpr std::uint64_t least_memory = 2ULL << 30U, least_shared = 256ULL << 20U;
constexpr std::uint64_t times_the_file = 4;
constexpr std::size_t longest_sentence = 8192;

// The question is the file's name. The answer: where the model is packed, or a sentence.
std::vector<std::uint8_t> answer(sandbox::Question& asked) {
    at::set_num_threads(1);
    try {
        const io::InputFile input(asked.file.release(), std::string(asked.bytes.begin(), asked.bytes.end()));
        const PackedAt at = pack(io::read_checkpoint_here(input), asked.shared);
        std::vector<std::uint8_t> bytes(sizeof at);
        std::memcpy(bytes.data(), &at, sizeof at);
        return bytes;
    } catch (const Error& error) {
        const std::string text = std::string(1, '!') + error.what();
        return {text.begin(), text.begin() + static_cast<std::ptrdiff_t>(std::min(text.size(), longest_sentence))};
    }
}

} // namespace

struct ModelSandbox::Impl {
    sandbox::Forker forker{answer};
    std::atomic<bool> told{false};

    // None: it can't be had.
    std::optional<io::CheckpointFile> read(const io::InputFile& input) {
        try {
            return read_there(input);
        } catch (const sandbox::Unavailable& trouble) {
            tell(trouble.what());
        } catch (const sandbox::Lost& lost) {
            fail("{}", lost.what());
        }
        return std::nullopt;
    }
    io::CheckpointFile read_there(const io::InputFile& input) {
        const std::uint64_t size = times_the_file * input.size();
        auto worker = std::make_unique<sandbox::Worker>(
            forker, sandbox::Limits{.seconds = most_seconds, .memory = least_memory + size}, least_shared + size);
        const std::string name = input.path().string();
        const std::vector<std::uint8_t> question(name.begin(), name.end()), said = worker->ask(question, input.fd());
        if (!said.empty() && said[0] == '!')
            throw Error(std::string(said.begin() + 1, said.end()));
        PackedAt at;
        if (said.size() != sizeof at)
            fail("could not be read: its reader answered nonsense");
        std::memcpy(&at, said.data(), sizeof at);
        worker->stop(); // what it has left there nobody changes from now on
        return unpack(worker->shared().bytes(), at);
    }
    void tell(const std::string& why) {
        if (!told.exchange(true))
            log_warning("Model files are read without a sandbox: {}.", why);
    }
};

ModelSandbox::ModelSandbox() {
    try {
        impl_ = std::make_unique<Impl>();
    } catch (const sandbox::Unavailable& trouble) {
        log_info("Model files are read without a sandbox: {}.", trouble.what());
        return;
    }
    io::read_strangers_by([this](const io::InputFile& input) { return impl_->read(input); });
}

ModelSandbox::~ModelSandbox() {
    io::read_strangers_by({});
}

} // namespace atelier::strangers
