// SPDX-License-Identifier: Apache-2.0
#include "base/error.h"

#include "base/path_text.h"

namespace atelier {

std::string message_of(const std::exception& error) {
    std::string text = error.what();
    // What the standard library, LibTorch and OpenCV say when there is none left.
    for (const char* said : {"std::bad_alloc", "can't allocate memory", "Failed to allocate"}) {
        if (text.find(said) != std::string::npos)
            return "The memory is not enough for this.";
    }
    // c10::Error appends "Exception raised from ... frame #0: ..." to what().
    if (const auto cut = text.find("\nException raised from"); cut != std::string::npos) {
        text.resize(cut);
    }
    if (const auto cut = text.find("(Exception raised from"); cut != std::string::npos) {
        text.resize(cut);
    }
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) {
        text.pop_back();
    }
    for (char& ch : text) {
        if (ch == '\n') {
            ch = ' ';
        }
    }
    return readable_text(text); // it may name a file
}

} // namespace atelier
