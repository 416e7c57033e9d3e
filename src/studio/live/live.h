// SPDX-License-Identifier: Apache-2.0
// Live: the studio played from outside. Sources leave what they say in the hub; once a turn the matrix makes of it what
// a hand would have done, what is added to parameters and what is triggered. It knows no parameter and no device by
// name. Owned by the Studio, used by the UI thread alone (the hub by all).
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "inputs/input_hub.h"
#include "inputs/link_clock.h"
#include "inputs/midi_ports.h"
#include "studio/core/context.h"
#include "studio/core/feature_ui.h"
#include "studio/live/midi_feedback.h"
#include "studio/live/network.h"
#include "studio/live/pages.h"
#include "studio/live/sound.h"
#include "studio/live/tempo_source.h"
#include "studio/state/clock_sources.h"
#include "studio/state/launch_queue.h"
#include "studio/state/live_state.h"
#include "studio/state/matrix.h"

namespace atelier::studio {

// What the matrix panel remembers between two frames.
struct MatrixForm {
    int open = -1;      // the connection whose details are shown
    std::string source; // of a new one
    std::string filter; // of its targets
    std::string page;   // name
};

// And the sound panel.
struct SoundForm {
    bool bands = false;  // unfolded
    bool looked = false; // for devices, once
};

struct Live {
    // folder: of pages of connections; empty: none are kept.
    Live(StudioContext& context, const std::filesystem::path& folder);

    StudioContext& context;
    inputs::InputHub hub;
    LiveState state; // in sessions and undo
    LiveSound sound;
    Matrix matrix;
    Pages pages;                            // what is opened takes the place of the connections; undo brings them back
    NetworkLink network;                    // after the hub, which its threads write to
    std::function<void(Trigger, int)> pull; // what a trigger does; the Studio says it

    // The devices of this machine. Without it, as in tests, there are none.
    void open_devices();
    bool devices = false; // this run is to have them
    void open_outside();  // after a safe start: what it has left closed
    std::unique_ptr<inputs::MidiPorts> midi;
    std::unique_ptr<inputs::LinkClock> link; // while the tempo comes from it
    TempoSource tempo;
    // What a trigger does, now or when state.launch says. A newer one of the same kind takes the place of what waits; a
    // second press on play drops it.
    void launch(Trigger which, int instance, std::function<void()> what);
    std::size_t waiting() const { return launches_.size(); }

    // In the half of the turn before the picture is asked for, when hands have done theirs. True if something that a
    // hand could have set was set.
    bool turn(double seconds);
    void pull_due();   // the triggers of that turn, and what has waited until now
    bool busy() const; // something moves by itself, or may come in

    // The next source that is touched moves that parameter. Learning it again, or an empty id, ends it.
    void learn(const std::string& id);
    const std::string& learning() const { return learning_; }
    // Takes the place of an equal connection. Its range is the slider's.
    void connect(const std::string& source, const std::string& id);

    bool tick(double seconds); // what other threads have done; true if what the window shows has changed
    void finish();

    // The newest of what sources said, for the panels; at most 64.
    const std::vector<SourceReading>& heard() const { return heard_; }
    MatrixForm form;
    SoundForm sound_form;

    bool open_song(const std::filesystem::path& file); // false: by its name it is none

private:
    void hear(const std::vector<SourceReading>& news);
    void learn_from(const std::vector<SourceReading>& news);
    double shown(ParameterRef which) const; // what its control shows
    bool follow_tempo();
    bool devices_changed(double seconds);
    void tell_devices(std::span<const SourceReading> news, double seconds);

    struct Launched {
        Trigger trigger;
        int instance;
        std::function<void()> what;
    };
    LaunchQueue<Launched> launches_;
    bool at_once_ = false; // nothing waits just now
    ClockSources clock_;
    bool takes_clock_ = false; // a connection does
    MidiFeedback feedback_;
    std::vector<std::string> hearing_; // devices, when it was looked last
    double since_look_ = 1, since_shown_ = 0;
    std::string shown_facts_;

    std::string learning_;
    std::map<std::string, double> learnt_from_; // where sources stood when learning began
    std::vector<SourceReading> heard_;
    std::vector<ParameterRef> due_;
    bool moving_ = false;
};

FeatureUi ui_of(Live& live);

void draw_matrix_panel(Live& live);
void draw_clock_panel(Live& live);
void draw_midi_panel(Live& live);
void draw_sound_panel(Live& live);
void draw_new_connection(Live& live); // its button and its pop-up
void draw_network_panel(Live& live);
void draw_closed_note(Live& live); // after a safe start, at the top of the panels of inputs; else nothing

} // namespace atelier::studio
