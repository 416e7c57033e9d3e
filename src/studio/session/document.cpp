// SPDX-License-Identifier: Apache-2.0
#include "studio/session/document.h"

#include <algorithm>
#include <chrono>
#include <tuple>

#include <fmt/format.h>

#include "base/error.h"
#include "base/future.h"
#include "base/log.h"
#include "io/atomic_file.h"
#include "studio/session/autosave.h"
#include "studio/session/crash_save.h"
#include "studio/studio.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

constexpr double autosave_seconds = 60;

} // namespace

Document::Document(Studio& studio, fs::path folder) : studio_(studio), folder_(std::move(folder)) {
    undo_.reset(studio.state);
    if (folder_.empty())
        return;
    std::error_code ignored;
    fs::create_directories(folder_, ignored);
    std::tie(recoverable_, left_file_) = left_behind(folder_);
    autosave_file_ = free_autosave(folder_);
    arm_crash_save(autosave_file_);
}

Document::~Document() {
    if (!folder_.empty())
        disarm_crash_save();
}

void Document::follow() {
    undo_.follow(studio_.state, hand_down);
}

bool Document::step(Step where) {
    const std::size_t from = undo_.document();
    auto state = (undo_.*where)(studio_.state);
    if (!state)
        return false;
    if (undo_.document() == from) {
        if (list_of(state->directions) != list_of(studio_.state.directions))
            studio_.direction_slider_store.edited();
        studio_.morph_from_here();
        studio_.state = std::move(*state);
        return true;
    }
    places_[from].left = whole_session();
    const Session left = place().left.value_or(whole_session());
    state->next_id = std::max(state->next_id, left.state.next_id); // each came with ids of its own
    studio_.morph_to(std::move(*state), left.animated.position);
    studio_.set_timeline_seconds(left.animated.timeline_seconds);
    studio_.training.form.options = left.train;
    studio_.restore_screen(left);
    if (!left.model.empty() && left.model != studio_.opened_file())
        studio_.open(left.model);
    return true;
}

void Document::undo() {
    if (!step(&Undo::undo))
        studio_.toasts.add(ToastKind::note, "There is nothing to undo");
}

void Document::redo() {
    if (!step(&Undo::redo))
        studio_.toasts.add(ToastKind::note, "There is nothing to redo");
}

void Document::adopt_directions(const std::vector<DirectionSlider>& sliders) {
    const auto before = studio_.state.directions;
    const auto adopt = [&](StudioState& state) {
        state.directions = sliders;
        std::erase_if(state.oscillators, [](const Oscillator& each) { return each.target == Target::direction; });
    };
    adopt(studio_.state);
    undo_.amend(adopt);
    for (StudioState* saved : {&fresh_, &places_[undo_.document()].saved.state}) {
        if (saved->directions == before)
            saved->directions = sliders;
    }
}

void Document::save_preset(std::size_t slot) {
    Preset& preset = studio_.state.presets.at(slot);
    preset.used = true;
    preset.name = preset.name.empty() ? fmt::format("Preset {}", slot + 1) : preset.name;
    preset.scene = static_cast<const Scene&>(studio_.state);
    preset.position = studio_.animator().values().position;
    studio_.toasts.add(ToastKind::good, fmt::format("{} is saved", preset.name),
                       fmt::format("{} recalls it.", slot + 1));
}

void Document::recall_preset(std::size_t slot) {
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

void Document::clear_preset(std::size_t slot) {
    studio_.state.presets.at(slot) = {};
}

Session Document::session() const {
    Session out;
    out.model = studio_.opened_file();
    if (studio_.shown().pixels)
        out.precision = studio_.shown().precision;
    out.state = studio_.state;
    out.animated = studio_.animator().values();
    out.tab = studio_.tab;
    if (studio_.training.middle == CentreView::map)
        out.map = studio_.map;
    if (out.tab == Tab::data)
        out.pictures = pictures();
    out.train = studio_.training.form.options;
    return out;
}

std::vector<std::string> Document::pictures() const {
    std::vector<std::string> out;
    for (const fs::path& each : studio_.dataset.inputs())
        out.push_back(each.string());
    return out;
}

// Undo brings the Data panel's pictures back whichever tab is open.
Session Document::whole_session() const {
    Session out = session();
    out.pictures = pictures();
    return out;
}

fs::path Document::proposed_file() const {
    if (!file().empty())
        return file();
    const fs::path folder = studio_.settings.sessions_folder.empty() ? standard_sessions_folder()
                                                                     : fs::path(studio_.settings.sessions_folder);
    return studio_.new_file(session_extension, folder);
}

bool Document::unsaved() const {
    if (place().unkept)
        return true;
    const StudioState& now = studio_.state;
    if (file().empty()) { // where the walk stands, psi and the like alone are no work
        const auto used = [](const Preset& preset) { return preset.used; };
        return std::any_of(now.presets.begin(), now.presets.end(), used) || !now.stars.empty() ||
               !now.timeline.curve.keyframes.empty() || now.directions != fresh_.directions ||
               !now.oscillators.empty() || now.mix != fresh_.mix || now.walk.seeds != fresh_.walk.seeds;
    }
    StudioState saved = place().saved.state;
    saved.view = now.view;
    saved.next_id = now.next_id;
    saved.walk.playing = now.walk.playing;
    saved.timeline.playing = now.timeline.playing;
    return saved != now;
}

void Document::save() {
    if (file().empty()) {
        studio_.dialog = Dialog::save_session;
    } else {
        save_as(file());
    }
}

void Document::save_as(const fs::path& file) {
    if (saving_.valid())
        return; // the last one is about to be told
    saving_ = std::async(std::launch::async, [file, now = session(), document = undo_.document()] {
        Saved out{file, {}, now, document};
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

void Document::open(const fs::path& file) {
    if (loading_.valid())
        return;
    loading_ = std::async(std::launch::async, [file] {
        Saved out{file, {}, {}, 0};
        try {
            out.session = load_session(file);
        } catch (const std::exception& error) {
            out.error = message_of(error);
        }
        return out;
    });
}

void Document::restore(const Session& session) {
    const bool was_unsaved = unsaved();
    const Session before = whole_session();
    studio_.restore(session);
    places_[undo_.document()].left = before;
    undo_.follow(before.state, false); // what was done so far is a step of its own
    undo_.set_document(places_.size());
    places_.emplace_back();
    if (was_unsaved)
        studio_.toasts.add(ToastKind::note, "What was there was not saved", "Ctrl+Z goes back to it.");
}

void Document::recover() {
    if (!recoverable_)
        return;
    restore(*std::exchange(recoverable_, std::nullopt));
    places_.back().unkept = true;
    std::error_code ignored;
    if (autosave_now()) // else it stays for the next start
        fs::remove(left_file_, ignored);
}

void Document::forget_recovery() {
    recoverable_.reset();
    std::error_code ignored;
    if (!left_file_.empty())
        fs::remove(left_file_, ignored);
}

void Document::begin() {
    fresh_ = studio_.state;
    undo_.reset(studio_.state);
    places_.clear();
    places_.emplace_back();
}

bool Document::autosave_now() {
    if (folder_.empty())
        return false;
    if (autosaving_.valid())
        autosaving_.wait();
    try {
        io::write_file(autosave_file_, session_text(session(), autosave_file_));
    } catch (const std::exception& error) {
        log_warning("the session is not autosaved: {}", message_of(error));
        return false;
    }
    return true;
}

void Document::end() {
    if (saving_.valid())
        saving_.wait();
    if (folder_.empty())
        return;
    if (autosaving_.valid())
        autosaving_.wait(); // it may be handing over a text
    disarm_crash_save();
    if (unsaved() && !closed_) {
        autosave_now();
    } else {
        std::error_code ignored;
        fs::remove(autosave_file_, ignored);
    }
    folder_.clear();
}

void Document::autosave(double seconds) {
    if (folder_.empty())
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
    // Nothing has begun yet: it must not be the newest that the next start finds.
    if (recoverable_ && studio_.dialog == Dialog::recover && !unsaved())
        return;
    Session now = session();
    now.animated.noise_seed = autosaved_.animated.noise_seed; // counts by itself
    if (now == autosaved_)
        return;
    const bool due = since_autosave_ >= autosave_seconds;
    if (due) {
        since_autosave_ = 0;
        autosaved_ = now;
    }
    // With hundreds of latents from files, the text alone takes longer than a frame may.
    autosaving_ = std::async(std::launch::async, [file = autosave_file_, due, now = std::move(now)] {
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

bool Document::tick(double seconds) {
    autosave(seconds);
    bool changed = false;
    if (is_ready(saving_)) {
        Saved saved = saving_.get();
        changed = true;
        if (saved.error.empty()) {
            studio_.settings.sessions_folder = saved.file.parent_path().string();
            studio_.settings.add_recent(saved.file);
            studio_.toasts.add(ToastKind::good, "The session is saved", saved.file.string());
            Place& where = places_[saved.document];
            where.file = std::move(saved.file);
            where.saved = std::move(saved.session);
            where.unkept = false;
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
            studio_.settings.add_recent(loaded.file);
            Place& where = places_.back();
            where.file = std::move(loaded.file);
            where.saved = session();
            where.saved.model = loaded.session.model; // it is still being loaded
        } else {
            studio_.toasts.add(ToastKind::bad, "The session can't be opened", loaded.error);
        }
    }
    return changed;
}

} // namespace atelier::studio
