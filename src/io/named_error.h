// SPDX-License-Identifier: Apache-2.0
// Errors about a file begin with its name, whoever found the fault.
#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include "base/error.h"

namespace atelier::io {

// work(); the Error that it throws begins with "<path>: " from here on, once.
template <typename Work> auto with_name(const std::filesystem::path& path, Work&& work) {
    try {
        return std::forward<Work>(work)();
    } catch (const Error& error) {
        const std::string text = error.what(), prefix = path.string() + ": ";
        fail("{}{}", text.starts_with(prefix) ? "" : prefix, text);
    }
}

} // namespace atelier::io
