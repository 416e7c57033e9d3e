// SPDX-License-Identifier: Apache-2.0
// SharedWindow: one window with its OpenGL context for all tests of a suite, which are skipped where none can be had.
#pragma once

#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "base/error.h"
#include "gfx/window.h"

namespace atelier::test {

// Of a whole suite, because an X server without clients may begin anew, and refuse the next one meanwhile.
class SharedWindow : public testing::Test {
protected:
    static void SetUpTestSuite() {
        try {
            window_.emplace(gfx::WindowOptions{});
        } catch (const Error& error) {
            problem_ = error.what();
        }
    }
    static void TearDownTestSuite() { window_.reset(); }
    void SetUp() override {
        if (!window_) {
            GTEST_SKIP() << problem_;
        }
    }
    static gfx::Window& window() { return *window_; }
    // Instead of opening a window.
    static void skip_all(std::string why) { problem_ = std::move(why); }

private:
    static inline std::optional<gfx::Window> window_;
    static inline std::string problem_;
};

} // namespace atelier::test
