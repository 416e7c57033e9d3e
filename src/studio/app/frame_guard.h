// SPDX-License-Identifier: Apache-2.0
// FrameGuard: what goes wrong in one frame must not take the work of hours with it. Whatever is thrown ends that frame
// alone: the session is kept aside at once, a person is told, and the next frame begins.
#pragma once

#include <exception>
#include <string>

#include "base/error.h"

namespace atelier::studio {

class Studio;

class FrameGuard {
public:
    explicit FrameGuard(Studio& studio) : studio_(studio) {}

    // False if it threw.
    template <class Work> bool run(const char* what, const Work& work) {
        try {
            work();
            return true;
        } catch (const std::exception& error) {
            caught(what, message_of(error));
        } catch (...) {
            caught(what, "something unknown");
        }
        return false;
    }

    // What ImGui has begun of a frame that broke off is ended, so that the next one can begin.
    static void abandon_frame();

private:
    void caught(const char* what, const std::string& message);
    Studio& studio_;
    std::string told_; // the same trouble in each frame is told once
};

} // namespace atelier::studio
