// SPDX-License-Identifier: Apache-2.0
// The one exception type for what a person can put right; owned by nobody, thrown by every layer.
#pragma once

#include <stdexcept>
#include <string>

#include <fmt/format.h>

namespace atelier {

// Its text is one clear sentence: which file or option, what is wrong with it, what would be right.
// The command line prints it and exits with 2; the studio shows it as a message.
class Error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Throws Error with an fmt-formatted sentence.
template <typename... Args> [[noreturn]] void fail(fmt::format_string<Args...> text, Args&&... args) {
    throw Error(fmt::format(text, std::forward<Args>(args)...));
}

// The message of any exception, without LibTorch's backtrace, as one line of text.
std::string message_of(const std::exception& error);

} // namespace atelier
