// SPDX-License-Identifier: Apache-2.0
// StudioContext: what every feature may touch - the document, what plays, what the window shows, what is told - and the
// few verbs that one feature asks of another. Owned by the Studio; used by the UI thread alone.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "studio/core/disk_query.h"
#include "studio/core/output_names.h"
#include "studio/core/playback.h"
#include "studio/core/settings.h"
#include "studio/core/show_counters.h"
#include "studio/core/song_view.h"
#include "studio/core/toasts.h"
#include "studio/core/ui_state.h"
#include "studio/services/thumbnails.h"
#include "studio/state/session.h"
#include "studio/state/state.h"

namespace atelier::studio {

struct PerformanceExport;

// What a feature asks of another one, which it doesn't know; the Studio says who does it.
struct Commands {
    std::function<void(const std::filesystem::path&)> train_on; // none: training isn't built in
    std::function<void(const LatentBlend&)> add_keyframe;       // with the settings of now
    std::function<void(const LatentBlend&, const std::string&)> star;
    std::function<void()> play_timeline;     // or pause it
    std::function<void()> toggle_map;        // the seed map in the middle of the window
    std::function<void()> directions_edited; // by hand: the model keeps them
    std::function<void(const std::vector<DirectionSlider>&)> adopt_directions; // of the model, no step of undo
    std::function<bool(Tab)> has_tab;                                          // it can be shown
    std::function<void(const std::string&)> learn;    // the next knob that moves is connected to that parameter
    std::function<std::string()> learning;            // the parameter that waits for one; empty: none
    std::function<void(PerformanceExport&)> add_song; // and what it moves, to an export of the timeline
    // What a trigger does: at once, or on the next beat, bar or phrase where changes wait for it.
    std::function<void(Trigger, int instance, std::function<void()>)> launch;
    std::function<void(Trigger, int instance)> pull; // by whichever feature does it, in the same way
    std::function<std::string()> tempo_text;         // which clock the tempo follows, with what it says; empty: the own
    std::function<void(Session&)> add_to_session;    // what training and preparing keep in it
    std::function<void(const Session&)> take_from_session;
};

struct StudioContext {
    StudioContext(std::unique_ptr<RenderService> service, const ImageMaker& images)
        : make_image(images), thumbnails(images), names(settings),
          playback(state, settings, toasts, names, std::move(service)) {}
    StudioContext(const StudioContext&) = delete;
    StudioContext& operator=(const StudioContext&) = delete;

    StudioState state;
    Settings settings;
    Toasts toasts;
    UiState ui;
    ImageMaker make_image; // of pictures that no model makes
    Thumbnails thumbnails;
    OutputNames names;
    Playback playback;
    Commands commands;
    ShowCounters counters;
    DiskQuery disk; // for the open dialog
    SongView song;
    // By a safe start, or until one is decided on: no input is listened to and no output opened but by hand.
    bool outside_closed = false;
};

} // namespace atelier::studio
