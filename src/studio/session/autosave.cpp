// SPDX-License-Identifier: Apache-2.0
#include "studio/session/autosave.h"

#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file_names.h"
#include "base/log.h"
#include "base/small_picture.h"
#include "io/atomic_file.h"
#include "io/image.h"
#include "studio/session/running.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view autosave_prefix = "autosave-";
constexpr const char* lock_ending = ".lock";
constexpr int picture_side = 192; // px

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

struct Locks {
    bool held = false; // by a program that runs
    bool left = false; // whoever ends properly takes its lock away
};
// Those that were left are gone then, unless they are to stay.
Locks look_at_locks(const std::vector<fs::path>& files, bool take_away) {
    Locks found;
    for (const fs::path& file : files) {
        if (file.extension() != lock_ending || !is_autosave(file.stem()))
            continue;
        if (io::is_being_written(file))
            found.held = true;
        else if (!take_away || lock_if_free(file))
            found.left = true;
    }
    return found;
}

fs::path with_ending(fs::path file, const char* ending) {
    file += ending;
    return file;
}

fs::path before(const fs::path& file) {
    return with_ending(file, ".before");
}

fs::path picture_of(const fs::path& file) {
    return with_ending(file, ".png");
}

// None: neither the newest nor the one before it.
std::optional<Session> newest_readable(const fs::path& file) {
    for (const fs::path& each : {file, before(file)}) {
        try {
            std::error_code error;
            if (fs::exists(each, error))
                return load_session(each);
        } catch (const std::exception& problem) {
            log_warning("what was left of the last session can't be read: {}", message_of(problem));
        }
    }
    return std::nullopt;
}

void set_aside(const fs::path& file) {
    const fs::path aside = with_ending(file, ".unreadable");
    std::error_code error;
    fs::rename(file, aside, error);
    log_warning("{} is kept as {}", file.string(), aside.string());
    remove_autosave(file);
}

std::optional<PixelBuffer> picture_beside(const fs::path& file) {
    try {
        std::error_code error;
        if (!fs::exists(picture_of(file), error))
            return std::nullopt;
        const io::Image8 image = io::read_image(picture_of(file), 4);
        return PixelBuffer{image.width, image.height, image.pixels};
    } catch (const std::exception& problem) {
        log_warning("the autosave's picture can't be read: {}", message_of(problem));
        return std::nullopt;
    }
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

void write_autosave(const fs::path& file, const std::string& text, const PixelBuffer* picture) {
    std::error_code error;
    if (fs::exists(file, error)) {
        fs::remove(before(file), error);
        fs::create_hard_link(file, before(file), error);
        if (error) // file systems that know none
            fs::copy_file(file, before(file), fs::copy_options::overwrite_existing, error);
    }
    io::write_file(file, text);
    if (!picture)
        return;
    try {
        const PixelBuffer small = square_part(shrink(*picture, picture_side));
        io::write_png(picture_of(file), io::image_of(small), 1);
    } catch (const std::exception& problem) { // the work itself is safe
        log_warning("the autosave has no picture: {}", message_of(problem));
    }
}

void remove_autosave(const fs::path& file) {
    std::error_code ignored;
    for (const fs::path& each : {file, before(file), picture_of(file)})
        fs::remove(each, ignored);
}

bool others_run(const fs::path& folder) {
    return look_at_locks(newest_first(folder), false).held;
}

LeftBehind left_behind(const fs::path& folder) {
    std::error_code error;
    const std::vector<fs::path> files = newest_first(folder);
    const Locks locks = look_at_locks(files, true);
    for (const fs::path& file : files) {
        try {
            if (!is_autosave(file))
                continue;
            auto lock = lock_if_free(lock_of(file));
            if (!lock || !fs::exists(file, error)) // another program has just dealt with it
                continue;
            LeftBehind left{
                newest_readable(file), {file, std::move(lock)}, fs::last_write_time(file, error), {}, locks.left};
            if (left.session) {
                left.picture = picture_beside(file);
                return left;
            }
            set_aside(file);
        } catch (const std::exception& problem) {
            log_warning("{}: {}", file.string(), message_of(problem));
        }
    }
    LeftBehind nothing;
    nothing.unclean_end = locks.left;
    return nothing;
}

} // namespace atelier::studio
