// SPDX-License-Identifier: Apache-2.0
// FrameSink: where finished pictures go, one after the other: a video file or a folder of PNGs.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/frame.h"

namespace atelier::media {

struct SoundOutput; // output.h

// What is left of an output that could not be completed.
struct KeptOutput {
    std::filesystem::path path; // under its final name; empty: nothing that plays
    std::int64_t frames = 0;    // in it
};

// An unfinished sink that is destroyed is cancelled.
class FrameSink {
public:
    virtual ~FrameSink() = default;

    // All frames of one sink have one size. Throws Error (disk full, another size, ...); then only cancel() and
    // keep() are left.
    virtual void add(const PixelBuffer& frame) = 0;

    // What goes beside the pictures, where that is known at the end alone: before finish(). Where there is no place for
    // sound nothing happens.
    virtual void put_sound(const SoundOutput&) {}

    // Completes the output under its final name. Throws Error.
    virtual void finish() = 0;

    // Leaves nothing of this output behind. No effect after finish().
    virtual void cancel() noexcept = 0;

    // After add() or finish() has thrown: what was written and plays as it stands stays; where nothing does, it is as
    // after cancel().
    virtual KeptOutput keep() noexcept {
        cancel();
        return {};
    }

    virtual std::int64_t frames() const = 0;         // added so far
    virtual std::int64_t bytes() const { return 0; } // on their way to the disk so far; 0 where there is none
};

} // namespace atelier::media
