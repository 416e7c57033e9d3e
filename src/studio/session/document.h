// SPDX-License-Identifier: Apache-2.0
// Document: the work itself - undo, presets, sessions with their autosave and recovery. Part of the Studio, in the UI
// thread; files are read and written on other threads.
#pragma once

#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/job_queue.h"
#include "studio/services/thumbnails.h"
#include "studio/session/autosave.h"
#include "studio/state/session.h"
#include "studio/state/undo.h"

namespace atelier::studio {

struct StudioContext;

// What the dialogs of sessions remember between two frames.
struct SessionForm {
    std::string path;
    bool was_open = false;
    std::filesystem::path closing_file; // where it would go when the window closes
    bool was_asked = false;             // whether to put back what was left
    std::unique_ptr<ImageHandle> left;  // what was shown then
    bool report_shown = false;          // of a crash
    bool report_over_question = false;  // it was opened from that question
};

class Document {
public:
    // folder: of the autosave; empty: none is kept.
    Document(StudioContext& context, std::filesystem::path folder);
    ~Document();
    Document(const Document&) = delete;
    Document& operator=(const Document&) = delete;

    // Once a tick, before the motion goes on: what has changed becomes a step of undo.
    void follow();
    void adopt(); // what has changed since then was done from outside: no step of undo
    // Saves and loads that have ended; the autosave.
    bool tick(double seconds);

    // --- undo
    // What a tab holds beside the state joins the same history. take: the value as it is; is: whether it is that one
    // still; put: back to it, where that is possible any more; text: what has changed, for "Undone: ..."; tab: where it
    // is seen. `is` and `take` are called once a tick.
    template <class T> struct Watch {
        std::function<T()> take;
        std::function<bool(const T&)> is;
        std::function<bool(const T& before, const T& after)> by_itself; // so no step
        std::function<void(const T&)> put;
        std::function<std::string(const T& before, const T& after)> text;
        Tab tab = Tab::perform;
    };
    template <class T> void watch(Watch<T> what) {
        const auto as = [](const std::shared_ptr<const void>& value) { return *static_cast<const T*>(value.get()); };
        watched_.push_back({[what] { return std::make_shared<const T>(what.take()); },
                            [what, as](const auto& value) { return what.is(as(value)); },
                            [what, as](const auto& a, const auto& b) { return what.by_itself(as(a), as(b)); },
                            [what, as](const auto& value) { what.put(as(value)); },
                            [what, as](const auto& a, const auto& b) { return what.text(as(a), as(b)); }, what.tab});
    }
    void undo();
    void redo();
    bool can_undo() const { return undo_.can_undo(); }
    bool can_redo() const { return undo_.can_redo(); }

    // The direction sliders that belong to the model in place of those there are, also in all that undo leads to: no
    // step, and no work of anybody's.
    void adopt_directions(const std::vector<DirectionSlider>& sliders);

    // --- sessions
    void save(); // under its name; asks for one where it has none
    void save_as(const std::filesystem::path& file);
    void open(const std::filesystem::path& file);
    void restore(const Session& session); // at once, as one step that can be undone
    void show(const Session& session);    // at once, without a step
    Session session() const;
    const std::filesystem::path& file() const { return place().file; } // empty: not saved yet
    // The session, if this is its model; empty: none, or another model plays.
    std::filesystem::path file_with(const std::string& model) const {
        return place().saved.model == model ? place().file : std::filesystem::path();
    }
    bool unsaved() const;              // there is work that no file holds
    void give_up() { closed_ = true; } // it may go with the window
    bool saving() const { return saving_.pending() || loading_.pending(); }
    std::filesystem::path proposed_file() const;

    // --- what an earlier run that ended without closing has left
    // Until one of these is called it stays where it is, and the next start offers it again.
    bool unclean_end() const { return unclean_end_; } // some run was killed or crashed, whether or not it left work
    bool others_run() const { return others_run_; }   // other programs, at the start, on the same folder
    bool can_recover() const { return recoverable_.has_value(); }
    const Session& recoverable() const { return *recoverable_; }
    std::filesystem::file_time_type recoverable_time() const { return recoverable_time_; }
    const std::optional<PixelBuffer>& recoverable_picture() const { return recoverable_picture_; }
    void recover();
    void forget_recovery(); // removes it
    void begin();           // nothing before this can be undone
    void end();             // the program ends: unsaved work is left for the next start to offer, else nothing
    bool autosave_now();    // false: it could not be written, or nothing is kept

    SessionForm form;
    std::string problem; // a sentence, where the folder can't be written: nothing is autosaved then

private:
    struct Saved {
        std::filesystem::path file;
        Session session;
        std::size_t document = 0;
    };
    // Where the session on the screen belongs. Undo leads from one to another where a session was opened.
    struct Place {
        std::filesystem::path file;
        Session saved;               // as it stands in the file
        bool unkept = false;         // it was put back and is in no file of its own since
        std::optional<Session> left; // as it stood when another one was opened over it, or it was undone
    };
    using Value = std::shared_ptr<const void>;
    struct Watched {
        std::function<Value()> take;
        std::function<bool(const Value&)> is;
        std::function<bool(const Value&, const Value&)> by_itself;
        std::function<void(const Value&)> put;
        std::function<std::string(const Value&, const Value&)> text;
        Tab tab;
    };
    Undo::Beside beside_now() const;
    // Says what has changed; empty: nothing.
    std::string put_beside(const Undo::Beside& before, bool back);
    const Place& place() const { return places_[undo_.document()]; }
    using Step = std::optional<StudioState> (Undo::*)(const StudioState&);
    bool step(Step where);
    // With the Data panel's pictures whichever tab is open.
    Session whole_session() const;
    Session own_session() const;              // as session(), and where it belongs
    void show_screen(const Session& session); // tab, seed map, and what other features keep
    void told_saved(JobOutcome<Saved> outcome);
    void told_loaded(JobOutcome<Saved> outcome);
    void autosave(double seconds);
    void remove_left();

    StudioContext& context_;
    std::filesystem::path folder_;
    Undo undo_;
    std::vector<Watched> watched_;
    std::deque<Place> places_{1}; // by Undo::document()
    StudioState fresh_;           // nobody has made anything yet
    std::optional<Session> recoverable_;
    std::filesystem::file_time_type recoverable_time_{};
    std::optional<PixelBuffer> recoverable_picture_;
    Autosave left_; // of recoverable_
    bool unclean_end_ = false, others_run_ = false;
    Autosave own_;
    bool closed_ = false;
    double since_autosave_ = 0, since_text_ = 0, autosave_took_ = 0; // seconds
    Session autosaved_;
    bool autosave_lies_there_ = false;
    Job<Nothing, Saved> loading_;
    JobQueue<Saved> saving_;
    JobQueue<double> autosaving_; // the text, and the file when it is due; the seconds that it took
};

} // namespace atelier::studio
