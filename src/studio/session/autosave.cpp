// SPDX-License-Identifier: Apache-2.0
#include "studio/session/autosave.h"

#include <string_view>

#include <fmt/format.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file_names.h"
#include "base/log.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view autosave_prefix = "autosave-";
constexpr const char* lock_ending = ".lock";

bool is_autosave(const fs::path& file) {
    return is_session_file(file) && file.filename().string().starts_with(autosave_prefix);
}

fs::path lock_of(fs::path file) {
    file += lock_ending;
    return file;
}

// None: another program has it, or nobody can tell.
std::optional<io::FileLock> lock_if_free(const fs::path& lock) {
    try {
        return io::FileLock::take(lock);
    } catch (const Error& error) {
        log_warning("an autosave can't be locked: {}", message_of(error));
        return std::nullopt;
    }
}

// Of programs that were killed before they had anything to save.
void remove_lone_lock(const fs::path& file) {
    std::error_code error;
    if (file.extension() == lock_ending && is_autosave(file.stem()) &&
        !fs::exists(fs::path(file).replace_extension(), error))
        lock_if_free(file); // and lets go of it, if nobody has it
}

} // namespace

Autosave free_autosave(const fs::path& folder) {
    const std::string stem = fmt::format("{}{}", autosave_prefix, getpid());
    std::error_code ignored;
    for (int i = 1;; ++i) {
        fs::path file =
            folder / (i == 1 ? stem + session_extension : fmt::format("{}-{}{}", stem, i, session_extension));
        if (fs::exists(file, ignored))
            continue;
        try {
            if (auto lock = io::FileLock::take(lock_of(file)))
                return {std::move(file), std::move(lock)};
        } catch (const Error& error) {
            log_warning("the autosave can't be locked: {}", message_of(error));
            return {std::move(file), std::nullopt};
        }
    }
}

LeftBehind left_behind(const fs::path& folder) {
    std::error_code error;
    for (const fs::path& file : newest_first(folder)) {
        try {
            remove_lone_lock(file);
            if (!is_autosave(file))
                continue;
            auto lock = lock_if_free(lock_of(file));
            if (!lock || !fs::exists(file, error)) // another program has just dealt with it
                continue;
            return {load_session(file), {file, std::move(lock)}};
        } catch (const std::exception& problem) {
            const std::string aside = file.string() + ".unreadable";
            log_warning("what was left of the last session can't be read and is kept as {}: {}", aside,
                        message_of(problem));
            fs::rename(file, aside, error);
        }
    }
    return {};
}

} // namespace atelier::studio
