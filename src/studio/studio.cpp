// SPDX-License-Identifier: Apache-2.0
// Which features there are, and what one does for another.
#include "studio/studio.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include "studio/dataset/data_panel.h"
#include "studio/session/safe_start_dialogs.h"
#include "studio/session/session_dialogs.h"
#include "studio/state/connection_file.h"
#include "studio/train/train_panel.h"
#include "studio/window_keys.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

// Nothing is kept where settings are not.
fs::path beside(const fs::path& settings, const char* folder) {
    return settings.empty() ? fs::path() : settings.parent_path() / folder;
}

} // namespace

bool dark_here(const Studio& studio) {
    return !studio.output.open && (studio.state.view.blackout || studio.playback.light() <= 0);
}

double light_here(const Studio& studio) {
    return studio.output.open ? 1 : studio.playback.light();
}

bool audience_sees(const Studio& studio) {
    return studio.state.view.ui_hidden || dark_here(studio);
}

namespace {

// Where a killed program may have left files that were on their way, beside the videos folder.
std::vector<fs::path> folders_written_to(const StudioContext& context, const fs::path& state) {
    const fs::path sessions = context.settings.sessions_folder.empty() ? standard_sessions_folder()
                                                                       : fs::path(context.settings.sessions_folder);
    const fs::path runs =
        context.settings.runs_folder.empty() ? standard_runs_folder() : fs::path(context.settings.runs_folder);
    return {state, state / "directions", state / "choices", sessions, standard_sets_folder(), runs};
}

} // namespace

namespace {

// not_opened: what was asked for all the same; empty: nothing.
void tell_safe_start(Studio& studio, const fs::path& not_opened) {
    ToastAction open;
    if (!not_opened.empty())
        open = {"Open it", "The file that this start was to begin with",
                [&studio, not_opened] { studio.open_any(not_opened); }};
    studio.toasts.add(ToastKind::note, "This is a safe start",
                      not_opened.empty()
                          ? "No model is opened by itself; inputs and outputs are closed."
                          : not_opened.filename().string() + " is not opened; inputs and outputs are closed.",
                      std::move(open));
}

} // namespace

Studio::Studio(std::unique_ptr<RenderService> service, ImageMaker images, StudioOptions options,
               std::unique_ptr<TrainingService> trainer, std::unique_ptr<DatasetService> data,
               std::unique_ptr<ModelFileService> models)
    : StudioContext(std::move(service), images), bundled(options.bundled),
      settings_file(settings, options.settings_file), controls(*this, beside(options.settings_file, "directions")),
      library(*this, std::move(models)),
      capture(*this, options.settings_file.parent_path(), beside(options.settings_file, "directions")),
      live(*this, beside(options.settings_file, "connections")), document(*this, options.settings_file.parent_path()),
      start(*this, options.crashes, document.unclean_end(), options.safe), training(*this, std::move(trainer), images),
      dataset(*this, std::move(data), std::move(images), beside(options.settings_file, "choices")),
      projector(settings, output) {
    bind_commands();
    gather_ui();
    live.devices = options.devices;
    if (live.devices && !outside_closed)
        live.open_devices();
    playback.opening_precision =
        options.safe && options.precision == Precision::model ? Precision::fp32 : options.precision;
    if (!settings_file.problem.empty())
        toasts.add(ToastKind::bad, "Some settings are as at the first start", settings_file.problem);
    if (!document.problem.empty())
        toasts.add(ToastKind::bad, "Nothing of this run is kept: no settings, no autosave", document.problem);
    training.form.expert = settings.train_expert;
    training.form.options.data = settings.train_data;
    state.walk.seeds = {options.seed};
    state.walk.random_seed = options.seed;
    state.walk.playing = options.play;
    if (!options.play)
        state.latent_override = {LatentOverride::seed, options.seed, {}};
    playback.animator().reset(state);
    watch_tabs();
    document.begin();
    if (!options.settings_file.empty())
        capture.recover(folders_written_to(*this, options.settings_file.parent_path()));
    if (!options.settings_file.empty())
        dataset.look_for_left_work();
    start.on_answer = [this](bool safe) { begin_as(safe); };
    if (document.can_recover() || start.asks())
        ui.dialog = Dialog::recover;
    start.tell_report();
    if (document.others_run())
        toasts.add(ToastKind::note, "Another Atelier is running",
                   "Each keeps its own session; of a setting that both change the last change stays.");
    if (options.safe)
        tell_safe_start(*this, {});
    const bool first = !options.settings_file.empty() && !fs::exists(options.settings_file);
    tour.begin_here = options.tour || (first && options.tour_at_first);
    if (training.watching()) {
        training.show_panel();
    } else if (training.available() && is_run_folder(settings.unfinished_run)) {
        ui.tab = Tab::train; // where it can be gone on with
        toasts.add(ToastKind::note, "A training run is not finished",
                   fs::path(settings.unfinished_run).filename().string() + ": go on with it in the Train panel.");
    }
}

// What the network is told beside the parameters.
std::vector<NetworkFact> Studio::network_facts() {
    const auto last = [this](double TrainPoint::*member) {
        const auto& history = training.status().history;
        return history && !history->empty() ? history->back().*member : std::nan("");
    };
    return {{.id = "atelier.beat",
             .label = "Beat",
             .tooltip = "Beats of the tempo since the start",
             .whole = true,
             .value = [this] { return std::floor(playback.program().values().beat); }},
            {.id = "atelier.pictures_per_second",
             .label = "Pictures per second",
             .value = [this] { return playback.counters.pictures_per_second; }},
            {.id = "atelier.training.kimg",
             .label = "Training",
             .unit = "kimg",
             .tooltip = "How far the run is",
             .value = [this] { return training.status().kimg; }},
            {.id = "atelier.training.g_loss",
             .label = "Loss of the generator",
             .value = [last] { return last(&TrainPoint::g_loss); }},
            {.id = "atelier.training.d_loss", .label = "Loss of the discriminator", .value = [last] {
                 return last(&TrainPoint::d_loss);
             }}};
}

void Studio::bind_commands() {
    live.network.facts = network_facts();
    playback.on_opened = [this] { training.model_opened(); };
    if (training.available() && !training.watching())
        commands.train_on = [this](const fs::path& data) { training.use_data(data); };
    commands.add_keyframe = [this](const LatentBlend& latent) { library.timeline.add(latent); };
    commands.star = [this](const LatentBlend& latent, const std::string& name) { library.stars.add(latent, name); };
    commands.play_timeline = [this] { library.timeline.toggle_play(); };
    commands.toggle_map = [this] { controls.walk.toggle_map(); };
    commands.directions_edited = [this] { controls.direction_sliders.edited(); };
    commands.adopt_directions = [this](const auto& sliders) { document.adopt_directions(sliders); };
    commands.has_tab = [this](Tab tab) { return tab == Tab::train ? training.available() : dataset.available(); };
    commands.add_to_session = [this](Session& session) {
        session.train = training.form.options;
        session.live = live.state;
        for (const fs::path& each : dataset.inputs())
            session.pictures.push_back(each.string());
    };
    commands.take_from_session = [this](const Session& session) {
        training.form.options = session.train;
        live.state = session.live;
        dataset.restore({session.pictures.begin(), session.pictures.end()});
    };
}

namespace {

struct DataEdits {
    unsigned of = 0; // DatasetController::choices_of
    HandChoices choices;
    DatasetSettings settings;
};

std::string text_of(const DataEdits& before, const DataEdits& after) {
    if (before.choices.crops != after.choices.crops)
        return "crop of a picture";
    return before.choices.overrides != after.choices.overrides ? "choice of a picture" : "how pictures are prepared";
}

std::string text_of(const TrainForm& before, const TrainForm& after) {
    if (before.options.data != after.options.data)
        return "pictures to train on";
    if (before.start != after.start || before.start_file != after.start_file)
        return "start of training";
    return before.out != after.out ? "folder of the run" : "options of training";
}

} // namespace

// A crop in Data or a path in Train are steps of the same history as what is played.
void Studio::watch_tabs() {
    const auto by_hand = [](const TrainForm&, const TrainForm&) { return false; };
    if (training.available())
        document.watch<TrainForm>({[this] { return training.form; },
                                   [this](const TrainForm& was) { return was == training.form; }, by_hand,
                                   [this](const TrainForm& was) { training.form = was; },
                                   [](const auto& a, const auto& b) { return text_of(a, b); }, Tab::train});
    document.watch<LiveState>(
        {[this] { return live.state; }, [this](const LiveState& was) { return was == live.state; },
         [](const LiveState&, const LiveState&) { return false; }, [this](const LiveState& was) { live.state = was; },
         [](const LiveState& a, const LiveState& b) {
             return a.connections != b.connections ? "connections" : a.sound != b.sound ? "sound" : "clock";
         },
         Tab::perform});
    if (dataset.available())
        document.watch<DataEdits>({[this] {
                                       return DataEdits{dataset.choices_of(), dataset.hand_choices(), settings.data};
                                   },
                                   [this](const DataEdits& was) {
                                       return was.of == dataset.choices_of() && was.settings == settings.data &&
                                              was.choices == dataset.hand_choices();
                                   },
                                   [](const auto& a, const auto& b) { return a.of != b.of; },
                                   [this](const DataEdits& was) {
                                       if (was.of != dataset.choices_of())
                                           return; // they were other pictures'
                                       dataset.put_choices(was.choices);
                                       settings.data = was.settings;
                                   },
                                   [](const auto& a, const auto& b) { return text_of(a, b); }, Tab::data});
}

void Studio::gather_ui() {
    const auto move_to = [](auto& all, auto& some) { std::ranges::move(some, std::back_inserter(all)); };
    for (FeatureUi ui : {ui_of(controls), ui_of(library), ui_of(capture), ui_of(projector, ui), ui_of(live),
                         ui_of(*this, document), ui_of(*this, document, start), ui_of(training), ui_of(dataset)}) {
        move_to(features_.sections, ui.sections);
        move_to(features_.dialogs, ui.dialogs);
        move_to(features_.centre, ui.centre);
        move_to(features_.tabs, ui.tabs);
        move_to(features_.keys, ui.keys);
        move_to(features_.triggers, ui.triggers);
    }
    std::ranges::stable_sort(features_.sections, {},
                             [](const LeftSection& each) { return std::pair(each.page, each.place); });
    for (const LeftSection& each : features_.sections) {
        left_sections_.push_back(each.section);
        play_sections_ += each.page == LeftPage::play ? 1 : 0;
    }
    std::vector<KeyRows> keys = window_keys(*this, output);
    std::ranges::copy(features_.keys, std::back_inserter(keys));
    std::vector<TriggerAct> triggers = features_.triggers;
    for (TriggerAct& each : triggers)
        each.pull = [this, which = each.trigger, act = std::move(each.pull)](int instance) {
            live.launch(which, instance, [act, instance] { act(instance); });
        };
    keys_ = KeyTable(std::move(keys), std::move(triggers));
    commands.pull = [this](Trigger which, int instance) { keys_.pull(which, instance); };
    live.pull = commands.pull;
}

std::span<const PanelSection> Studio::left_sections(LeftPage page) const {
    return page == LeftPage::play ? left_sections().first(play_sections_) : left_sections().subspan(play_sections_);
}

bool Studio::on_live_page(std::string_view title) const {
    return std::ranges::any_of(left_sections(LeftPage::live),
                               [title](const PanelSection& each) { return title == each.title; });
}

Studio::~Studio() {
    capture.finish();
    library.latent_files.finish();
    library.copies.finish();
    controls.finish();
    live.finish();
    training.finish();
    dataset.finish();
    start.finish();
    document.end();
    settings_file.save_now();
}

void Studio::drop(const std::vector<fs::path>& files) {
    if (files.empty())
        return;
    ui.dialog = Dialog::none;
    first_.clear(); // in place of what the window was to begin with
    if (ui.tab == Tab::data && dataset.available()) {
        dataset.add(files);
        return;
    }
    if (files.size() > 1 && !is_session_file(files.back()))
        toasts.add(ToastKind::note, fmt::format("Opening the last of {} files", files.size()),
                   files.back().filename().string());
    if (training.available() && !training.watching() && is_training_data(files.back())) {
        training.use_data(files.back());
    } else {
        open_any(files.back());
    }
}

void Studio::open_any(const fs::path& path) {
    if (is_session_file(path)) {
        document.open(path);
    } else if (is_connections_file(path)) {
        live.pages.open(path);
    } else if (live.open_song(path)) {
        return;
    } else if (is_picture_file(path)) {
        capture.pictures.open(path);
    } else if (path.extension() == ".jsonl") {
        capture.render_again(path);
    } else if (holds_latents(path)) {
        library.latent_files.open(path);
    } else {
        playback.open(path);
    }
}

void Studio::open_first(const fs::path& path, bool named) {
    first_ = path;
    first_named_ = named;
    if (!start.asks() && !first_.empty() && (named || !start.safe()))
        open_any(first_);
}

void Studio::begin_as(bool safe) {
    if (safe) {
        playback.opening_precision = Precision::fp32;
        tell_safe_start(*this, first_named_ ? first_ : fs::path());
        return;
    }
    live.open_outside();
    open_first(first_, first_named_);
}

void Studio::save_and_close() {
    ui.close_wanted = true;
    ui.dialog = Dialog::closing; // shows how far the save is
    if (training.status().active_here())
        training.stop();
}

bool Studio::asks_before_closing() const {
    const bool exporting = capture.exporter.status().state == ExportState::running;
    return training.status().active_here() || ((exporting || document.unsaved()) && !ui.close_wanted);
}

bool Studio::in_data_grid() const {
    return ui.tab == Tab::data && ui.centre_view == CentreView::data && !state.view.ui_hidden &&
           !dataset.inputs().empty();
}

} // namespace atelier::studio
