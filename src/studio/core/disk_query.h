// SPDX-License-Identifier: Apache-2.0
// DiskQuery: what a path stands for, looked up on another thread, for dialogs that say so while it is typed.
#pragma once

#include <filesystem>
#include <optional>

#include "studio/services/async_query.h"
#include "studio/toolkit/ui.h"

namespace atelier::studio {

class DiskQuery {
public:
    // Links followed, as it was within the last second; none while that is being looked at.
    std::optional<std::filesystem::file_type> kind(const std::filesystem::path& path) {
        const auto look = [](const std::filesystem::path& at) {
            std::error_code ignored;
            return std::filesystem::status(at, ignored).type();
        };
        const std::filesystem::file_type* found = answer_.ask(path, look);
        if (!found)
            Ui::current().fades(0.1f); // drawn again when it is known
        return found ? std::optional(*found) : std::nullopt;
    }
    bool is_there(const std::filesystem::path& path) { // false while that is not known
        const auto found = kind(path);
        return found && std::filesystem::exists(std::filesystem::file_status(*found));
    }

private:
    AsyncQuery<std::filesystem::path, std::filesystem::file_type> answer_; // one dialog at a time is open
};

} // namespace atelier::studio
