// SPDX-License-Identifier: Apache-2.0
#include "studio/keeping.h"

#include <algorithm>
#include <chrono>
#include <csignal>

#include <fmt/format.h>
#include <unistd.h>

#include "base/error.h"
#include "base/future.h"
#include "base/log.h"
#include "io/atomic_file.h"
#include "studio/crash_save.h"
#include "studio/studio.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

constexpr double autosave_seconds = 60;
constexpr std::size_t logs_kept = 20;

std::string autosave_name(long pid) {
    return fmt::format("autosave-{}{}", pid, session_extension);
}

// The process that writes an autosave; 0: the name is another's.
long pid_of(const fs::path& file) {
    const std::string name = file.filename().string();
    long pid = 0;
    return std::sscanf(name.c_str(), "autosave-%ld", &pid) == 1 && name == autosave_name(pid) ? pid : 0;
}

// The newest that belongs to no running program, moved to `kept` until someone has answered; older ones are dropped.
std::optional<Session> left_behind(const fs::path& folder, const fs::path& kept) {
    std::error_code error;
    std::vector<std::pair<fs::file_time_type, fs::path>> found;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        const long pid = pid_of(it->path());
        if (pid > 0 && (pid == getpid() || kill(static_cast<pid_t>(pid), 0) != 0))
            found.emplace_back(it->last_write_time(error), it->path());
    }
    std::sort(found.rbegin(), found.rend());
    std::optional<Session> session;
    for (const auto& [time, file] : found) {
        try {
            if (!session) {
                session = load_session(file);
                fs::rename(file, kept);
                continue;
            }
        } catch (const std::exception& problem) {
            log_warning("what was left of the last session can't be read: {}", message_of(problem));
        }
        fs::remove(file, error);
    }
    return session;
}

void drop_old_logs(const fs::path& folder) {
    std::error_code error;
    std::vector<std::pair<fs::file_time_type, fs::path>> found;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        if (it->path().extension() == ".jsonl")
            found.emplace_back(it->last_write_time(error), it->path());
    }
    std::sort(found.rbegin(), found.rend());
    for (std::size_t i = logs_kept; i < found.size(); ++i)
        fs::remove(found[i].second, error);
}

} // namespace

Keeping::Keeping(Studio& studio, fs::path folder) : studio_(studio), folder_(std::move(folder)) {
    undo_.reset(studio.state);
    if (folder_.empty())
        return;
    std::error_code ignored;
    fs::create_directories(folder_, ignored);
    recoverable_ = left_behind(folder_, folder_ / autosave_name(getpid()));
    drop_old_logs(folder_ / "performances");
    arm_crash_save(folder_ / autosave_name(getpid()));
}

Keeping::~Keeping() {
    if (!folder_.empty())
        disarm_crash_save();
}

void Keeping::before_motion() {
    undo_.follow(studio_.state, hand_down);
    const std::string& model = studio_.opened_file();
    const MotionValues& motion = studio_.motion().values();
    if (!always_ && !folder_.empty() && !model.empty()) {
        const fs::path logs = folder_ / "performances";
        std::error_code error;
        fs::create_directories(logs, error);
        always_ = std::make_unique<PerformanceLog>(studio_.new_file(".jsonl", logs), model,
                                                   studio_.settings.glide_seconds, studio_.state, motion);
    }
    for (PerformanceLog* log : {log_.get(), always_.get()}) {
        if (log)
            log->before(studio_.state, motion, model);
    }
}

void Keeping::after_motion(double seconds) {
    const MotionValues& motion = studio_.motion().values();
    if (log_)
        log_->after(motion, std::min(seconds, log_ends_.value_or(seconds)));
    if (always_)
        always_->after(motion, seconds);
    if (std::exchange(log_ends_, std::nullopt))
        log_.reset();
    if (!next_log_.empty())
        log_ =
            std::make_unique<PerformanceLog>(std::exchange(next_log_, {}), studio_.opened_file(),
                                             studio_.settings.glide_seconds, studio_.state, studio_.motion().values());
}

void Keeping::start_log(const fs::path& file) {
    next_log_ = file;
}

void Keeping::stop_log(double seconds) {
    next_log_.clear();
    if (log_) {
        log_ends_ = seconds;
        last_log_ = log_->file();
    }
}

std::size_t Keeping::log_bytes_waiting() const {
    return (log_ ? log_->bytes_waiting() : 0) + (always_ ? always_->bytes_waiting() : 0);
}

fs::path Keeping::last_log() const {
    return !last_log_.empty() ? last_log_ : always_ ? always_->file() : fs::path();
}

void Keeping::undo() {
    if (auto state = undo_.undo(studio_.state)) {
        studio_.morph_from_here();
        studio_.state = std::move(*state);
    } else {
        studio_.toasts.add(ToastKind::note, "There is nothing to undo");
    }
}

void Keeping::redo() {
    if (auto state = undo_.redo(studio_.state)) {
        studio_.morph_from_here();
        studio_.state = std::move(*state);
    } else {
        studio_.toasts.add(ToastKind::note, "There is nothing to redo");
    }
}

void Keeping::save_preset(std::size_t slot) {
    Preset& preset = studio_.state.presets.at(slot);
    preset.used = true;
    preset.name = preset.name.empty() ? fmt::format("Preset {}", slot + 1) : preset.name;
    preset.scene = static_cast<const Scene&>(studio_.state);
    preset.position = studio_.motion().values().position;
    studio_.toasts.add(ToastKind::good, fmt::format("{} is saved", preset.name),
                       fmt::format("{} recalls it.", slot + 1));
}

void Keeping::recall_preset(std::size_t slot) {
    const Preset& preset = studio_.state.presets.at(slot);
    if (!preset.used) {
        studio_.toasts.add(ToastKind::note, fmt::format("Preset {} is empty", slot + 1),
                           fmt::format("Shift+{} saves what is shown.", slot + 1));
        return;
    }
    StudioState after = studio_.state;
    static_cast<Scene&>(after) = preset.scene;
    after.timeline.on = after.timeline.playing = false;
    studio_.morph_to(std::move(after), preset.position);
}

void Keeping::clear_preset(std::size_t slot) {
    studio_.state.presets.at(slot) = {};
}

Session Keeping::session() const {
    Session out;
    out.model = studio_.opened_file();
    if (studio_.shown().pixels)
        out.precision = studio_.shown().precision;
    out.state = studio_.state;
    out.motion = studio_.motion().values();
    out.train_tab = studio_.tab == Tab::train;
    out.train = studio_.training.wishes.options;
    return out;
}

fs::path Keeping::proposed_file() const {
    if (!file_.empty())
        return file_;
    const fs::path folder = studio_.settings.sessions_folder.empty() ? standard_sessions_folder()
                                                                     : fs::path(studio_.settings.sessions_folder);
    return studio_.new_file(session_extension, folder);
}

bool Keeping::unsaved() const {
    const StudioState& now = studio_.state;
    const bool any = std::any_of(now.presets.begin(), now.presets.end(), [](const Preset& p) { return p.used; });
    if (file_.empty())
        return any || !now.stars.empty() || !now.timeline.curve.moments.empty();
    StudioState saved = saved_.state;
    saved.view = now.view;
    saved.walk.playing = now.walk.playing;
    saved.timeline.playing = now.timeline.playing;
    return saved != now;
}

void Keeping::save() {
    if (file_.empty()) {
        studio_.dialog = Dialog::save_session;
    } else {
        save_as(file_);
    }
}

void Keeping::save_as(const fs::path& file) {
    if (saving_.valid())
        return; // the last one is about to be told
    saving_ = std::async(std::launch::async, [file, now = session()] {
        Saved out{file, {}, now};
        try {
            std::error_code ignored;
            fs::create_directories(file.parent_path(), ignored);
            io::write_file(file, session_text(now, file));
        } catch (const std::exception& error) {
            out.error = message_of(error);
        }
        return out;
    });
}

void Keeping::open(const fs::path& file) {
    if (loading_.valid())
        return;
    loading_ = std::async(std::launch::async, [file] {
        Saved out{file, {}, {}};
        try {
            out.session = load_session(file);
        } catch (const std::exception& error) {
            out.error = message_of(error);
        }
        return out;
    });
}

void Keeping::restore(const Session& session) {
    studio_.restore(session);
    begin();
}

void Keeping::recover() {
    if (recoverable_)
        restore(*std::exchange(recoverable_, std::nullopt));
}

void Keeping::forget_recovery() {
    recoverable_.reset();
    std::error_code ignored;
    if (!folder_.empty())
        fs::remove(folder_ / autosave_name(getpid()), ignored);
}

void Keeping::begin() {
    undo_.reset(studio_.state);
}

void Keeping::autosave_now() {
    if (folder_.empty())
        return;
    if (autosaving_.valid())
        autosaving_.wait();
    const fs::path file = folder_ / autosave_name(getpid());
    try {
        io::write_file(file, session_text(session(), file));
    } catch (const std::exception& error) {
        log_warning("the session is not autosaved: {}", message_of(error));
    }
}

void Keeping::end() {
    if (saving_.valid())
        saving_.wait();
    if (folder_.empty())
        return;
    if (autosaving_.valid())
        autosaving_.wait(); // it may be handing over a text
    disarm_crash_save();
    if (recoverable_) {
        folder_.clear();
        return;
    }
    if (unsaved() && !closed_) {
        autosave_now();
    } else {
        std::error_code ignored;
        fs::remove(folder_ / autosave_name(getpid()), ignored);
    }
    folder_.clear();
}

void Keeping::autosave(double seconds) {
    if (folder_.empty() || recoverable_) // its file holds what nobody has answered for yet
        return;
    since_autosave_ += seconds;
    since_text_ += seconds;
    if (is_ready(autosaving_)) {
        if (const std::string error = autosaving_.get(); !error.empty())
            log_warning("the session is not autosaved: {}", error);
    }
    if (since_text_ < 1 || autosaving_.valid())
        return;
    since_text_ = 0;
    const fs::path file = folder_ / autosave_name(getpid());
    Session now = session();
    now.motion.noise_seed = autosaved_.motion.noise_seed; // counts by itself
    if (now == autosaved_)
        return;
    const bool due = since_autosave_ >= autosave_seconds;
    if (due) {
        since_autosave_ = 0;
        autosaved_ = now;
    }
    // With hundreds of latents from files, the text alone takes longer than a frame may.
    autosaving_ = std::async(std::launch::async, [file, due, now = std::move(now)] {
        try {
            const std::string text = session_text(now, file);
            set_crash_text(text);
            if (due)
                io::write_file(file, text);
        } catch (const std::exception& error) {
            return message_of(error);
        }
        return std::string();
    });
}

bool Keeping::tick(double seconds) {
    autosave(seconds);
    bool changed = false;
    if (is_ready(saving_)) {
        Saved saved = saving_.get();
        changed = true;
        if (saved.error.empty()) {
            file_ = saved.file;
            saved_ = std::move(saved.session);
            studio_.settings.sessions_folder = file_.parent_path().string();
            studio_.settings.add_recent(file_);
            studio_.toasts.add(ToastKind::good, "The session is saved", file_.string());
        } else {
            studio_.close_wanted = false;
            studio_.toasts.add(ToastKind::bad, "The session can't be saved", saved.error);
        }
    }
    if (is_ready(loading_)) {
        Saved loaded = loading_.get();
        changed = true;
        if (loaded.error.empty()) {
            restore(loaded.session);
            file_ = loaded.file;
            saved_ = session();
            saved_.model = loaded.session.model; // it is still being loaded
            studio_.settings.add_recent(file_);
        } else {
            studio_.toasts.add(ToastKind::bad, "The session can't be opened", loaded.error);
        }
    }
    if (log_ && log_->error() != told_log_error_) {
        told_log_error_ = log_->error();
        studio_.toasts.add(ToastKind::bad, "The performance is not logged", told_log_error_);
    }
    return changed;
}

} // namespace atelier::studio
