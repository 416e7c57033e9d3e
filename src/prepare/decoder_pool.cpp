// SPDX-License-Identifier: Apache-2.0
#include "prepare/decoder_pool.h"

#include <mutex>
#include <new>
#include <thread>
#include <vector>

#include "base/log.h"
#include "prepare/local_decoder.h"
#include "prepare/sandboxed_decoder.h"

namespace atelier::prepare {
namespace {

class Pool {
public:
    std::unique_ptr<Decoder> take() {
        std::filesystem::path program;
        {
            const std::lock_guard lock(mutex_);
            if (impossible_) {
                return std::make_unique<LocalDecoder>();
            }
            if (!idle_.empty()) {
                std::unique_ptr<Decoder> decoder = std::move(idle_.back());
                idle_.pop_back();
                return decoder;
            }
        }
        try {
            program = sandbox::decoder_program("atelier-decode");
            if (program.empty()) {
                throw sandbox::Unavailable("atelier-decode is not beside the program");
            }
            return std::make_unique<SandboxedDecoder>(program);
        } catch (const std::bad_alloc&) {
            throw; // costs this file; the next one gets its sandbox
        } catch (const std::exception& trouble) {
            const std::lock_guard lock(mutex_);
            if (!std::exchange(impossible_, true)) {
                log_warning("Pictures and videos are decoded without a sandbox: {}.", trouble.what());
            }
        }
        return std::make_unique<LocalDecoder>();
    }

    void put(std::unique_ptr<Decoder> decoder) noexcept {
        decoder->close();
        const std::lock_guard lock(mutex_);
        if (idle_.size() < most_idle && dynamic_cast<SandboxedDecoder*>(decoder.get()) != nullptr) {
            idle_.push_back(std::move(decoder));
        }
    }

private:
    const std::size_t most_idle = std::max(2U, std::thread::hardware_concurrency());
    std::mutex mutex_;
    std::vector<std::unique_ptr<Decoder>> idle_;
    bool impossible_ = false;
};

// The whole program's, as processes are: whoever wants a picture decoded takes the next that is free.
Pool& pool() {
    static Pool one;
    return one;
}

} // namespace

void GiveBack::operator()(Decoder* decoder) const noexcept {
    pool().put(std::unique_ptr<Decoder>(decoder));
}

BorrowedDecoder borrow_decoder(Decoding how) {
    Pool& decoders = pool();
    return BorrowedDecoder((how == Decoding::here ? std::make_unique<LocalDecoder>() : decoders.take()).release());
}

} // namespace atelier::prepare
