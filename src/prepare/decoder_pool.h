// SPDX-License-Identifier: Apache-2.0
// Decoders that are borrowed: starting a process costs more than a small picture, so those that nobody uses wait for
// the next one.
#pragma once

#include <memory>

#include "prepare/decoder.h"

namespace atelier::prepare {

enum class Decoding {
    sandboxed, // in this process only where the system can't do it, which is said once in the log
    here,
};

struct GiveBack {
    void operator()(Decoder* decoder) const noexcept;
};
using BorrowedDecoder = std::unique_ptr<Decoder, GiveBack>;

// Safe from any thread; never null.
BorrowedDecoder borrow_decoder(Decoding how = Decoding::sandboxed);

} // namespace atelier::prepare
