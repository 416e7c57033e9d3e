// SPDX-License-Identifier: Apache-2.0
// Playback: what plays - the model, the picture that is shown, what moves by itself - and the ways from one picture to
// another. Owned by the StudioContext; used by the UI thread alone, and it never waits.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>

#include "studio/services/render_service.h"
#include "studio/state/animation.h"
#include "studio/state/parameters.h"
#include "studio/state/recipe.h"

namespace atelier::studio {

class OutputNames;
class Toasts;
struct Settings;

// Facts for the status line and for tests.
struct Counters {
    std::uint64_t pictures = 0; // received from the service
    std::uint64_t requests = 0; // params handed to it
    std::uint64_t drawn = 0;    // window frames
    double pictures_per_second = 0;
    StageTimes times; // smoothed
};

class Playback {
public:
    Playback(StudioState& state, Settings& settings, Toasts& toasts, OutputNames& names,
             std::unique_ptr<RenderService> service);
    ~Playback();
    Playback(const Playback&) = delete;
    Playback& operator=(const Playback&) = delete;

    RenderService& service() const { return *service_; }

    // --- the model
    void open(const std::filesystem::path& path);
    const std::string& opened_file() const { return opened_file_; } // the newest that played
    // Of the model that plays, a snapshot too; empty: none, or one in training, which is in no file.
    std::string played_file() const { return status_.info ? status_.info->path : std::string(); }
    const ModelInfo* model() const { return status_.info.get(); }
    int num_ws() const { return status_.info ? status_.info->num_ws : 0; }
    const LoadStatus& load_status() const { return status_; }
    double loading_seconds() const { return loading_seconds_; }
    Precision opening_precision = Precision::model; // of a model's pictures, where it can and no session says otherwise
    ViewedModel viewed = ViewedModel::opened;
    std::function<void()> on_opened; // another file plays
    DirectionLookup direction;       // of the model that plays
    void set_class(int index);       // kept within the model's; glides
    void set_class(int index, ExplicitRef label);

    // --- what the state asks for at this moment, as params and as settings
    RenderParams params() const;
    RenderSettings render_settings_now() const;
    PlayContext context() const;
    std::optional<std::uint32_t> seed_now() const; // the seed shown, or the one nearest to it on the walk
    const Animator& animator() const { return animator_; }
    Animator& animator() { return animator_; }
    void set_precision(Precision precision) { precision_ = precision; } // that a session or recipe was shown in
    std::uint32_t random_seed();

    // --- what is shown now leads to whatever the state says from now on
    void glide_from_here(); // the latent alone
    void morph_from_here(); // with all settings
    // The panels drive again: with the look that is shown, or gliding back to what they said before.
    void leave_timeline(bool with_its_look = false);
    void softly(const std::function<void()>& change);  // of the state; what is shown morphs to it
    void morph_to(StudioState after, double position); // over state.morph_seconds
    void morph_to(StudioState after, double position, double seconds);
    void go_to_seed(std::uint32_t seed);          // off the walk, glides
    void go_to_latent(const LatentBlend& latent); // off the walk, glides
    // The panels follow; oscillators and walk rest.
    void go_to_settings(const RenderSettings& settings, double seconds);
    // The same picture, to the bit; random noise begins with the picture's, at once.
    void go_to_recipe(const Recipe& recipe, double seconds);

    // --- controls that something else moves
    // What a control shows: what is set, or what the timeline or a preset's morph has made of it by now.
    double shown_value(ParameterRef which) const;
    const Scene& shown_scene(const std::string& lane) const; // the same for all that belongs to a lane
    enum class Mover { hand, timeline, morph, taken };       // taken: by a hand, from the timeline that goes on
    Mover mover(const std::string& lane) const;              // lanes.h
    Mover mover(ParameterRef which) const;
    // A hand is about to set something of that lane: from where it is shown, and nothing else moves it any more.
    void touch(const std::string& lane);
    void touch(ParameterRef which);
    void give_back(const std::string& lane); // to the timeline, gliding
    void give_all_back();
    // Where oscillators have it by now; none: nothing swings it.
    std::optional<double> swing_of(ParameterRef which) const;
    void follow_controls(); // once a tick, when all has moved
    // What connections do to parameters from now on, also of the program while another one is prepared.
    void modulate(const std::vector<Modulated>& by);
    // Another clock's tempo, not rounded, and its beat; oscillators go on from where they are. leapt: the beat is
    // another place, to which a timeline in beats goes, too.
    void follow_tempo(double bpm, std::optional<double> beat, bool leapt);

    // --- while something else is prepared, what the audience sees goes on: the program. The state and the animator are
    // from then on what is prepared; without that they are the program.
    bool preparing() const { return program_.has_value(); }
    void prepare();
    void drop_prepared();               // the state is what the program is
    void take_prepared(double seconds); // it becomes the program; it morphs there for so long, 0: a cut
    const StudioState& program_state() const { return program_ ? program_->state : state_; }
    const Animator& program() const { return program_ ? program_->animator : animator_; }
    Animator& program() { return program_ ? program_->animator : animator_; }
    RenderParams program_params() const;
    RenderSettings program_settings() const;

    // --- the picture
    // The frame to show: frozen or newest; no pixels before the first.
    const Frame& shown() const { return shown_; }
    // Width and height of the full picture, also while a smaller preview of it is shown; 0 before the first.
    std::pair<int, int> picture_size() const;
    bool take_new_picture();                            // true once after shown() has changed
    void ask_for_full_picture() { requested_.reset(); } // anew, of what is shown
    // Light and colour that it is shown with.
    const PictureLook& look() const { return look_; }
    // Of its light, 0..1, before the audience: see light_now().
    double light() const;
    std::function<void(const Frame&)> on_picture; // each new one, before it may be replaced

    // --- once a tick, in this order
    // True if the model or its loading has changed.
    bool follow_load(double seconds);
    void share_view();            // before what is logged, and after keys
    void advance(double seconds); // the program unless it is frozen, and what is prepared
    // A picture that stood frozen leads to what was prepared meanwhile.
    void thaw();
    bool follow_look(); // true if it has changed
    // The blackout's way, frozen or not. True if the light has changed.
    bool follow_light(double seconds);
    // Asks for what the state says now. whole: it is recorded or saved, so no preview will do.
    void request(bool whole);
    bool take_pictures();
    // While the picture is frozen: a preview is made in full where it is `wanted`, for it can be neither recorded nor
    // saved. True if it came.
    bool complete_frozen(bool wanted);
    bool completing() const { return completing_; }
    bool count_rate(double seconds);
    // Whether something is moving or expected.
    bool busy() const;
    bool moving() const; // a model plays, and each turn wants another picture than the one before

    Counters counters;

private:
    void fit_class();
    void model_opened();
    void adopt_look();
    std::optional<double> driven_value(ParameterRef which) const;

    StudioState& state_;
    std::optional<Scene> driven_; // what the controls show while something else moves them
    Settings& settings_;
    Toasts& toasts_;
    OutputNames& names_;
    std::unique_ptr<RenderService> service_;
    Animator animator_;
    struct Program {
        StudioState state;
        Animator animator;
    };
    std::optional<Program> program_; // while another one is prepared
    LoadStatus status_;
    std::uint64_t told_failure_ = 0; // ticket
    std::uint64_t opened_ = 0;       // ticket of the model that plays
    std::string opened_file_;
    double loading_seconds_ = 0;
    std::optional<RenderParams> requested_;
    std::optional<RenderParams> answered_;
    Frame shown_;
    PictureLook look_;
    double light_ = 1; // when it was followed last
    bool new_picture_ = false;
    bool completing_ = false; // a frozen preview's full picture is asked for
    Precision precision_ = Precision::model;
    double rate_seconds_ = 0;
    int rate_pictures_ = 0;
    std::string told_error_;
    std::set<std::string> told_misfits_; // of classes that the model that plays doesn't have
    std::mt19937 random_{std::random_device{}()};
};

} // namespace atelier::studio
