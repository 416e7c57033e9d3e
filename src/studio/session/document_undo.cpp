// SPDX-License-Identifier: Apache-2.0
// Undo over all tabs, in one history.
#include <algorithm>

#include "studio/core/context.h"
#include "studio/core/direction_sliders.h"
#include "studio/session/document.h"
#include "studio/session/undo_text.h"

namespace atelier::studio {
namespace {

// In place of what was told of the step before.
void tell_step(Toasts& toasts, bool back, const std::string& what) {
    const std::string undone = "Undone: ", redone = "Redone: ";
    for (std::size_t i = toasts.all().size(); i-- > 0;) {
        const Toast& each = toasts.all()[i];
        if (each.text.starts_with(undone) || each.text.starts_with(redone))
            toasts.dismiss(each.number);
    }
    toasts.add(ToastKind::note, (back ? undone : redone) + what);
}

} // namespace

void Document::follow() {
    const Undo::Beside now = beside_now();
    const Undo::Beside& before = undo_.beside();
    Undo::Beside quiet = before;
    quiet.resize(now.size());
    for (std::size_t i = 0; i < now.size(); ++i) {
        if (now[i] != quiet[i] && (!quiet[i] || watched_[i].by_itself(quiet[i], now[i])))
            quiet[i] = now[i];
    }
    if (quiet != before)
        undo_.adopt(quiet);
    undo_.follow(context_.state, context_.ui.hand_down, now);
}

void Document::adopt() {
    undo_.adopt(context_.state);
}

Undo::Beside Document::beside_now() const {
    Undo::Beside now = undo_.beside();
    now.resize(watched_.size());
    for (std::size_t i = 0; i < watched_.size(); ++i) {
        if (!now[i] || !watched_[i].is(now[i]))
            now[i] = watched_[i].take();
    }
    return now;
}

std::string Document::put_beside(const Undo::Beside& before, bool back) {
    std::string what;
    const Undo::Beside after = undo_.beside();
    for (std::size_t i = 0; i < std::min({watched_.size(), before.size(), after.size()}); ++i) {
        if (before[i] == after[i] || !before[i] || !after[i])
            continue;
        what = back ? watched_[i].text(after[i], before[i]) : watched_[i].text(before[i], after[i]);
        watched_[i].put(after[i]);
        context_.ui.show_tab(watched_[i].tab); // where it was done
    }
    undo_.adopt(beside_now()); // what could not be put back is no step of anybody's
    return what;
}

bool Document::step(Step where) {
    const std::size_t from = undo_.document();
    const bool back = where == &Undo::undo;
    follow();
    const Undo::Beside beside = undo_.beside();
    auto state = (undo_.*where)(context_.state);
    if (!state)
        return false;
    if (undo_.document() == from) {
        std::string told = put_beside(beside, back);
        StudioState same = *state; // but for what isn't undone
        same.next_id = context_.state.next_id;
        const bool of_state = same != context_.state;
        if (told.empty() || of_state)
            told = back ? change_text(*state, context_.state) : change_text(context_.state, *state);
        tell_step(context_.toasts, back, told);
        if (!of_state)
            return true; // the picture has nothing to do with it
        if (list_of(state->directions) != list_of(context_.state.directions))
            context_.commands.directions_edited();
        context_.playback.morph_from_here();
        context_.state = std::move(*state);
        return true;
    }
    tell_step(context_.toasts, back, "session opened");
    places_[from].left = whole_session();
    const Session left = place().left.value_or(whole_session());
    state->next_id = std::max(state->next_id, left.state.next_id); // each came with ids of its own
    context_.playback.morph_to(std::move(*state), left.animated.position);
    context_.playback.animator().set_timeline_seconds(left.animated.timeline_seconds);
    show_screen(left);
    undo_.adopt(beside_now());
    if (!left.model.empty() && left.model != context_.playback.opened_file())
        context_.playback.open(left.model);
    return true;
}

void Document::undo() {
    if (!step(&Undo::undo))
        context_.toasts.add(ToastKind::note, "There is nothing to undo");
}

void Document::redo() {
    if (!step(&Undo::redo))
        context_.toasts.add(ToastKind::note, "There is nothing to redo");
}

} // namespace atelier::studio
