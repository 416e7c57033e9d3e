// SPDX-License-Identifier: Apache-2.0
#include "studio/app/state_dump.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/train_options_json.h"
#include "studio/state/names.h"
#include "studio/state/parameters.h"

namespace atelier::studio {
namespace {

using nlohmann::json;

json walk_json(const WalkState& walk) {
    return {{"playing", walk.playing},
            {"seconds_per_step", walk.seconds_per_step},
            {"kind", walk.kind == WalkKind::random ? "random" : "seeds"},
            {"space", walk.space == Space::w ? "w" : "z"},
            {"ease", walk.ease == Ease::linear   ? "linear"
                     : walk.ease == Ease::smooth ? "smooth"
                                                 : "cubic"},
            {"loop", walk.loop},
            {"seeds", walk.seeds},
            {"in_beats", walk.in_beats},
            {"random_seed", walk.random_seed},
            {"class_index", walk.class_index}};
}

json mix_json(const MixState& mix) {
    json groups = json::array(), layers = json::array();
    for (const MixGroup& group : mix.groups) {
        groups.push_back(
            {{"on", group.on}, {"seed", group.seed}, {"weight", group.weight}, {"latent", !group.source.empty()}});
    }
    for (const MixLayer& layer : mix.layers) {
        layers.push_back(
            {{"own", layer.own}, {"seed", layer.seed}, {"weight", layer.weight}, {"latent", !layer.source.empty()}});
    }
    return {{"groups", groups}, {"layers", layers}};
}

json training_json(const TrainingController& training) {
    const char* states[] = {"idle", "preparing", "running", "pausing", "paused", "stopping", "finished", "failed"};
    const char* viewed_names[] = {"opened", "training", "start", "snapshot"};
    const TrainStatus& status = training.status();
    return {{"available", training.available()},
            {"state", states[static_cast<int>(status.state)]},
            {"kimg", status.kimg},
            {"weights", status.weights},
            {"points", status.history ? status.history->size() : 0},
            {"snapshots", status.snapshots},
            {"run_dir", status.run_dir},
            {"message", status.message},
            {"watching", training.watching()},
            {"stage", status.stage},
            {"answered", status.answered},
            {"showing", viewed_names[static_cast<int>(training.viewed())]},
            {"comparing", training.comparing()},
            {"obstacle", training.obstacle()}};
}

json kept_json(const Studio& studio) {
    const StudioState& s = studio.state;
    json presets = json::array(), keyframes = json::array(), directions = json::array(), lanes = json::array();
    for (const AutomationLane& lane : s.timeline.lanes)
        lanes.push_back({{"parameter", lane.parameter}, {"points", lane.points.size()}});
    for (const Preset& preset : s.presets)
        presets.push_back(preset.used);
    for (const Keyframe& keyframe : s.timeline.curve.keyframes)
        keyframes.push_back(keyframe.seconds);
    for (const DirectionSlider& each : s.directions)
        directions.push_back(each.direction.amount);
    return {{"presets", presets},
            {"stars", s.stars.size()},
            {"moments", keyframes},
            {"loop", s.timeline.curve.loop},
            {"timeline_on", s.timeline.on},
            {"timeline_playing", s.timeline.playing},
            {"playhead", studio.library.timeline.playhead()},
            {"directions", directions},
            {"direction_method", s.directions.empty() ? "" : s.directions.back().direction.method},
            {"oscillators", s.oscillators.size()},
            {"swing", s.oscillators.empty() ? json(nullptr)
                                            : json({{"on", s.oscillators[0].on},
                                                    {"wave", static_cast<int>(s.oscillators[0].wave)},
                                                    {"in_beats", s.oscillators[0].in_beats},
                                                    {"period", s.oscillators[0].period},
                                                    {"depth", s.oscillators[0].depth}})},
            {"touched", s.timeline.touched},
            {"lanes", lanes},
            {"armed", studio.library.gestures.armed()},
            {"zoom", studio.library.strip.zoom.zoom},
            {"timeline_in_beats", s.timeline.in_beats},
            {"preset_seeds", s.preset_seeds},
            {"morph_in_beats", s.morph_in_beats},
            {"bpm", s.bpm},
            {"morph_seconds", s.morph_seconds},
            {"session", studio.document.file().string()},
            {"unsaved", studio.document.unsaved()}};
}

json data_json(const Studio& studio) {
    const char* states[] = {"empty", "finding", "working", "stopped", "ready", "writing", "failed"};
    const DatasetController& dataset = studio.dataset;
    const DataStatus& status = dataset.status();
    const DataItem* selected = dataset.selected();
    const CropChange crop = selected ? dataset.crop_of(selected->id) : CropChange();
    json left_out = json::object(), inputs = json::array();
    for (const ReasonCount& each : dataset.view().left_out)
        left_out[each.text] = each.count;
    for (const auto& input : dataset.inputs())
        inputs.push_back(input.string());
    return {{"available", dataset.available()},
            {"state", states[static_cast<int>(status.state)]},
            {"message", status.message},
            {"followed", dataset.followed()},
            {"inputs", inputs},
            {"done", status.done},
            {"total", status.total},
            {"reused", status.reused},
            {"items", dataset.view().items.size()},
            {"kept", dataset.view().kept},
            {"left_out", left_out},
            {"by_hand", dataset.by_hand()},
            {"pictures", dataset.pictures()},
            {"selected", selected ? json(selected->name) : json(nullptr)},
            {"selected_kept", selected ? json(selected->kept) : json(nullptr)},
            {"crop", {crop.x, crop.y, crop.scale}},
            {"large", dataset.large},
            {"sort", {static_cast<int>(dataset.sort()), static_cast<int>(dataset.sort_score())}},
            {"reversed", dataset.reversed()},
            {"target", dataset.target},
            {"set", status.set},
            {"wishes", to_json(studio.settings.data)}};
}

json output_json(const Output& output) {
    json monitors = json::array();
    for (const OutputMonitor& monitor : output.monitors)
        monitors.push_back(monitor.label);
    return {{"wanted", output.wanted},
            {"open", output.open},
            {"monitor", output.monitor},
            {"monitors", monitors},
            {"size", {output.width, output.height}},
            {"card", output.card},
            {"drawn", output.drawn},
            {"hash", output.hash},
            {"corner", output.corner},
            {"middle", output.middle}};
}

// Tells one picture from another; 0 while there is none.
std::size_t picture_hash(const Frame& frame) {
    if (!frame.pixels) {
        return 0;
    }
    const auto& bytes = frame.pixels->rgba;
    return std::hash<std::string_view>()({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

// What the Train panel sets and shows, for tests of its controls.
json train_json(const TrainingController& training) {
    const TrainForm& form = training.form;
    return {{"start", static_cast<int>(form.start)},
            {"start_file", form.start_file},
            {"out", form.out},
            {"expert", form.expert},
            {"options", nlohmann::json(to_json(form.options))},
            {"raw", training.raw()},
            {"middle", static_cast<int>(training.context.ui.centre_view)},
            {"reading", training.plot_reading}};
}

} // namespace

json to_json(const Studio& studio) {
    const StudioState& s = studio.state;
    const char* tabs[] = {"perform", "train", "data"};
    const char* overrides[] = {"none", "seed", "wander"};
    const char* noises[] = {"const", "random", "none"};
    json toasts = json::array();
    for (const Toast& toast : studio.toasts.all())
        toasts.push_back({{"text", toast.text}, {"detail", toast.detail}});
    json parameters = json::object(); // by id, the same for all that there is
    for (const ParameterRef each : parameters_of(s)) {
        if (each->has_value())
            parameters[id_of(s, each)] = value_of(s, each);
    }
    json out = {
        {"parameters", std::move(parameters)},
        {"walk", walk_json(s.walk)},
        {"detour",
         {{"kind", overrides[static_cast<int>(s.latent_override.kind)]},
          {"seed", s.latent_override.seed},
          {"x", s.latent_override.explore.x},
          {"y", s.latent_override.explore.y}}},
        {"truncation", {{"psi", s.truncation.psi}, {"cutoff", s.truncation.cutoff}}},
        {"mix", mix_json(s.mix)},
        {"noise", {{"mode", noises[static_cast<int>(s.noise.mode)]}, {"strength", s.noise.strength}}},
        {"view",
         {{"zoom", s.view.zoom},
          {"pan", {s.view.pan_x, s.view.pan_y}},
          {"pixels", s.view.pixels},
          {"blackout", s.view.blackout},
          {"frozen", s.view.frozen},
          {"ui_hidden", s.view.ui_hidden},
          {"fullscreen", s.view.fullscreen}}},
        {"compare", {{"how", static_cast<int>(s.view.compare)}, {"wipe", s.view.wipe}}},
        {"position", studio.playback.animator().values().position},
        {"counters",
         {{"drawn", studio.playback.counters.drawn},
          {"pictures", studio.playback.counters.pictures},
          {"requests", studio.playback.counters.requests},
          {"thumbnails", studio.thumbnails.received()},
          {"toasts", studio.toasts.count()}}},
        {"toasts", toasts},
        {"start", studio.start.asks()   ? "asks"
                  : studio.start.safe() ? "safe"
                                        : "usual"},
        {"dialog", static_cast<int>(studio.ui.dialog)},
        {"tab", tabs[static_cast<int>(studio.ui.tab)]},
        {"data", data_json(studio)},
        {"train", train_json(studio.training)},
        {"training", training_json(studio.training)},
        {"recording", studio.capture.recording.active()},
        {"kept", kept_json(studio)},
        {"output", output_json(studio.output)},
        {"tour", studio.tour.on ? json(studio.tour.step) : json(nullptr)},
        {"interface_scale", studio.settings.interface_scale},
        {"performance", studio.settings.show_performance},
        {"map", studio.ui.centre_view == CentreView::map},
        {"settled", !studio.busy() && !studio.playback.shown().preview},
        {"picture", picture_hash(studio.playback.shown())},
        {"precision", precision_names[static_cast<std::size_t>(studio.playback.shown().precision)]},
        {"model", studio.playback.model() ? json(studio.playback.model()->name) : json(nullptr)},
    };
    return out;
}

nlohmann::json controls_json(std::span<const Ui::Mark> marks) {
    json controls = json::object();
    std::map<std::string, int> drawn;
    for (const Ui::Mark& mark : marks) {
        const int nth = ++drawn[mark.id];
        controls[nth == 1 ? mark.id : fmt::format("{}#{}", mark.id, nth)] = {mark.from.x, mark.from.y, mark.to.x,
                                                                             mark.to.y};
    }
    return controls;
}

} // namespace atelier::studio
