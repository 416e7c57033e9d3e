// SPDX-License-Identifier: Apache-2.0
#include "studio/session/document.h"

#include <algorithm>
#include <chrono>
#include <tuple>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "io/atomic_file.h"
#include "studio/core/context.h"
#include "studio/core/direction_sliders.h"
#include "studio/session/autosave.h"
#include "studio/session/crash_save.h"
#include "studio/session/running.h"
#include "studio/session/undo_text.h"
#include "studio/state/oscillators.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

// Seconds between two autosaves: of what a hand has changed, of what moves by itself, and how many times longer than it
// takes to write one.
constexpr double autosave_seconds = 1, autosave_moved_seconds = 60, autosave_share = 20;

// Apart from what moves by itself.
bool same_work(const Session& a, const Session& b) {
    return a.state == b.state && a.pictures == b.pictures && a.train == b.train && a.saved_as == b.saved_as;
}

} // namespace

Document::Document(StudioContext& context, fs::path folder) : context_(context), folder_(std::move(folder)) {
    undo_.reset(context.state);
    if (folder_.empty())
        return;
    try {
        std::error_code error;
        fs::create_directories(folder_, error);
        if (error)
            fail("{}: the folder can't be made ({})", folder_.string(), error.message());
        const io::AtomicFile probe(folder_ / "autosave"); // goes again
    } catch (const Error& error) {
        problem = message_of(error);
        folder_.clear();
        return;
    }
    others_run_ = studio::others_run(folder_);
    LeftBehind found = left_behind(folder_);
    recoverable_ = std::move(found.session);
    recoverable_time_ = found.time;
    recoverable_picture_ = std::move(found.picture);
    left_ = std::move(found.of);
    unclean_end_ = found.unclean_end;
    own_ = free_autosave(folder_);
    arm_crash_save(own_.file);
}

Document::~Document() {
    if (!folder_.empty())
        disarm_crash_save();
}

void Document::adopt_directions(const std::vector<DirectionSlider>& sliders) {
    const auto before = context_.state.directions;
    const auto adopt = [&](std::vector<DirectionSlider>& directions, std::vector<Oscillator>& oscillators) {
        directions = sliders;
        std::erase_if(oscillators, moves_direction);
    };
    adopt(context_.state.directions, context_.state.oscillators);
    undo_.amend(adopt);
    for (StudioState* saved : {&fresh_, &places_[undo_.document()].saved.state}) {
        if (saved->directions == before)
            saved->directions = sliders;
    }
}

Session Document::whole_session() const {
    const Playback& playback = context_.playback;
    Session out;
    out.model = playback.opened_file();
    if (playback.shown().pixels)
        out.precision = playback.shown().precision;
    out.state = context_.state;
    out.state.modulated.clear(); // what is connected says it anew
    out.animated = playback.animator().values();
    out.tab = context_.ui.tab;
    if (context_.ui.centre_view == CentreView::map)
        out.map = context_.ui.map;
    context_.commands.add_to_session(out);
    return out;
}

Session Document::session() const {
    Session out = whole_session();
    if (out.tab != Tab::data)
        out.pictures.clear();
    return out;
}

void Document::show(const Session& session) {
    context_.state = session.state;
    context_.playback.animator().set_values(session.animated);
    show_screen(session);
    if (!session.model.empty() && session.model != context_.playback.opened_file())
        context_.playback.open(session.model);
    context_.playback.set_precision(session.precision); // else the same picture might not be the same to the bit
}

void Document::show_screen(const Session& session) {
    UiState& ui = context_.ui;
    ui.show_tab(context_.commands.has_tab(session.tab) ? session.tab : Tab::perform);
    if (session.map) {
        ui.map = *session.map;
        ui.centre_view = CentreView::map;
    } else if (ui.centre_view == CentreView::map) {
        ui.centre_view = CentreView::picture;
    }
    context_.commands.take_from_session(session);
}

fs::path Document::proposed_file() const {
    if (!file().empty())
        return file();
    const fs::path folder = context_.settings.sessions_folder.empty() ? standard_sessions_folder()
                                                                      : fs::path(context_.settings.sessions_folder);
    return context_.names.new_file(session_extension, folder);
}

bool Document::unsaved() const {
    if (place().unkept)
        return true;
    const StudioState& now = context_.state;
    if (file().empty()) { // where the walk stands, psi and the like alone are no work
        const auto used = [](const Preset& preset) { return preset.used; };
        return std::any_of(now.presets.begin(), now.presets.end(), used) || !now.stars.empty() ||
               !now.timeline.curve.keyframes.empty() || now.directions != fresh_.directions ||
               !now.oscillators.empty() || now.mix != fresh_.mix || now.walk.seeds != fresh_.walk.seeds;
    }
    StudioState saved = place().saved.state;
    saved.view = now.view;
    saved.modulated = now.modulated;
    saved.next_id = now.next_id;
    saved.walk.playing = now.walk.playing;
    saved.timeline.playing = now.timeline.playing;
    return saved != now;
}

void Document::save() {
    if (file().empty()) {
        context_.ui.dialog = Dialog::save_session;
    } else {
        save_as(file());
    }
}

void Document::save_as(const fs::path& file) {
    saving_.add([out = Saved{file, session(), undo_.document()}]() mutable {
        std::error_code ignored;
        fs::create_directories(out.file.parent_path(), ignored);
        io::write_file(out.file, session_text(out.session, out.file));
        return std::move(out);
    });
}

void Document::open(const fs::path& file) {
    loading_.start([file](const auto&, const auto&) { return Saved{file, load_session(file), 0}; });
}

void Document::restore(const Session& session) {
    const bool was_unsaved = unsaved();
    const Session before = whole_session();
    show(session);
    places_[undo_.document()].left = before;
    undo_.follow(before.state, false, undo_.beside()); // what was done so far is a step of its own
    undo_.set_document(places_.size());
    undo_.adopt(beside_now()); // it came with the session
    places_.emplace_back();
    if (was_unsaved)
        context_.toasts.add(ToastKind::note, "What was there was not saved", "Ctrl+Z goes back to it.");
}

void Document::recover() {
    if (!recoverable_)
        return;
    const Session session = *std::exchange(recoverable_, std::nullopt);
    restore(session);
    places_.back().file = session.saved_as; // where it belongs, and has not been put since
    places_.back().unkept = true;
    if (autosave_now()) // else it stays for the next start
        remove_left();
}

void Document::forget_recovery() {
    recoverable_.reset();
    remove_left();
}

void Document::remove_left() {
    if (!left_.file.empty())
        remove_autosave(left_.file);
    left_ = {};
    recoverable_picture_.reset();
}

void Document::begin() {
    fresh_ = context_.state;
    undo_.reset(context_.state);
    places_.clear();
    places_.emplace_back();
    autosaved_ = own_session(); // nobody has done anything yet
}

Session Document::own_session() const {
    Session out = session();
    out.saved_as = file().string();
    return out;
}

bool Document::autosave_now() {
    if (folder_.empty())
        return false;
    autosaving_.wait();
    try {
        write_autosave(own_.file, session_text(own_session(), own_.file), context_.playback.shown().pixels.get());
    } catch (const std::exception& error) {
        log_warning("the session is not autosaved: {}", message_of(error));
        return false;
    }
    return true;
}

void Document::end() {
    saving_.wait();
    if (folder_.empty())
        return;
    autosaving_.wait(); // it may be handing over a text
    disarm_crash_save();
    if (unsaved() && !closed_) {
        autosave_now();
    } else {
        remove_autosave(own_.file);
    }
    own_.lock.reset(); // the next start may have it
    left_.lock.reset();
    folder_.clear();
}

void Document::autosave(double seconds) {
    if (folder_.empty())
        return;
    since_autosave_ += seconds;
    since_text_ += seconds;
    while (const auto outcome = autosaving_.take()) {
        if (outcome->result)
            autosave_took_ = *outcome->result;
        else
            log_warning("the session is not autosaved: {}", outcome->message);
    }
    if (since_text_ < 1 || autosaving_.pending())
        return;
    since_text_ = 0;
    // Nothing has begun yet: it must not be the newest that the next start finds.
    if (recoverable_ && context_.ui.dialog == Dialog::recover && !unsaved())
        return;
    Session now = own_session();
    now.animated.noise_seed = autosaved_.animated.noise_seed; // counts by itself
    now.animated.beat = autosaved_.animated.beat;             // so does this
    const bool safe = !file().empty() && !unsaved();          // in its own file
    const bool stale = safe && autosave_lies_there_;          // nothing to offer after a kill
    if (now == autosaved_ && !stale)
        return;
    const double gap = same_work(now, autosaved_) && !stale ? autosave_moved_seconds : autosave_seconds;
    const bool due = since_autosave_ >= std::max(gap, autosave_share * autosave_took_);
    if (due) {
        since_autosave_ = 0;
        autosaved_ = now;
        autosave_lies_there_ = !safe;
    }
    // With hundreds of latents from files, the text alone takes longer than a frame may.
    autosaving_.add([file = own_.file, due, safe, now = std::move(now), picture = context_.playback.shown().pixels] {
        const double began = steady_seconds();
        const std::string text = session_text(now, file);
        set_crash_text(text);
        if (due)
            safe ? remove_autosave(file) : write_autosave(file, text, picture.get());
        return steady_seconds() - began;
    });
}

void Document::told_saved(JobOutcome<Saved> outcome) {
    if (!outcome.result) {
        context_.ui.close_wanted = false;
        context_.toasts.add(ToastKind::bad, "The session can't be saved", outcome.message);
        return;
    }
    Saved& saved = *outcome.result;
    context_.settings.sessions_folder = saved.file.parent_path().string();
    context_.settings.add_recent(saved.file);
    context_.toasts.add(ToastKind::good, "The session is saved", saved.file.string());
    Place& where = places_[saved.document];
    where.file = std::move(saved.file);
    where.saved = std::move(saved.session);
    where.unkept = false;
}

void Document::told_loaded(JobOutcome<Saved> outcome) {
    if (!outcome.result) {
        context_.toasts.add(ToastKind::bad, "The session can't be opened", outcome.message);
        return;
    }
    Saved& loaded = *outcome.result;
    restore(loaded.session);
    context_.settings.add_recent(loaded.file);
    Place& where = places_.back();
    where.file = std::move(loaded.file);
    where.saved = session();
    where.saved.model = loaded.session.model; // it is still being loaded
}

bool Document::tick(double seconds) {
    autosave(seconds);
    bool changed = false;
    while (auto outcome = saving_.take()) {
        told_saved(std::move(*outcome));
        changed = true;
    }
    if (auto outcome = loading_.take_outcome()) {
        told_loaded(std::move(*outcome));
        changed = true;
    }
    return changed;
}

} // namespace atelier::studio
