// SPDX-License-Identifier: Apache-2.0
#include "studio/toolkit/ui.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <imgui.h>
#include <imgui_internal.h>

namespace atelier::studio {
namespace {
Ui* the_ui = nullptr;
constexpr float tooltip_delay = 0.55f;
} // namespace

Ui::Ui() {
    the_ui = this;
}
Ui::~Ui() {
    if (the_ui == this)
        the_ui = nullptr;
}
Ui& Ui::current() {
    return *the_ui;
}

void Ui::set_scale(float scale) {
    scale = std::clamp(scale, 0.5f, 4.0f);
    if (scale == scale_)
        return;
    scale_ = scale;
    fonts_.build(scale);
    fonts_stale_ = false;
    fonts_changed_ = true;
    theme::apply(scale);
}

void Ui::set_look(const theme::Palette& palette, bool calm) {
    if (theme::choose(palette, calm))
        theme::apply(scale_);
}

float Ui::px(float v) const {
    return std::round(v * scale_);
}

bool Ui::refresh_fonts() {
    if (!fonts_stale_)
        return false;
    fonts_.build(scale_);
    fonts_stale_ = false;
    fonts_changed_ = true;
    return true;
}

bool Ui::take_fonts_changed() {
    return std::exchange(fonts_changed_, false);
}

void Ui::begin_frame(float nudge) {
    the_ui = this;
    translator_.begin_frame();
    nudge_ = nudge;
    reach.begin_frame();
    fading_ = std::max(0.0f, fading_ - ImGui::GetIO().DeltaTime);
    field.reset();
    unfolded_.reset();
    enter_used = false;
    if (close_popups)
        ImGui::ClosePopupsOverWindow(nullptr, false);
    close_popups = false;
    hovered_before_ = hovered_;
    hovered_ = 0;
}

void Ui::speak(std::string language, Translator translator) {
    language_ = std::move(language);
    translator_ = std::move(translator);
    translator_.first_said = [this](std::string_view said) { want(said); };
}

void Ui::tooltip(ImGuiID id, std::string_view text, std::string_view key) {
    hovered_ = id;
    tooltip_text_ = text;
    tooltip_key_ = key;
}

void Ui::end_frame() {
    reach.end_frame(scale_);
    const ImGuiIO& io = ImGui::GetIO();
    if (hovered_ == 0 || hovered_ != hovered_before_) {
        hover_seconds_ = 0;
        return;
    }
    if (io.MouseDown[0] || io.MouseDown[1])
        hover_seconds_ = -1e6f; // who uses it knows it: not until the next visit
    hover_seconds_ += io.DeltaTime;
    if (hover_seconds_ < tooltip_delay || tooltip_text_.empty())
        return;
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {px(10), px(7)});
    ImGui::PushStyleVar(ImGuiStyleVar_Alpha, std::min(1.0f, (hover_seconds_ - tooltip_delay) / theme::fade_seconds));
    ImGui::BeginTooltip();
    ImGui::PushFont(face(Face::small));
    ImGui::PushTextWrapPos(px(320));
    const std::string_view text = say(tooltip_text_);
    ImGui::TextUnformatted(text.data(), text.data() + text.size());
    if (!tooltip_key_.empty()) {
        ImGui::PushStyleColor(ImGuiCol_Text, theme::secondary);
        const std::string_view key = say("Key: " + tooltip_key_);
        ImGui::TextUnformatted(key.data(), key.data() + key.size());
        ImGui::PopStyleColor();
    }
    ImGui::PopTextWrapPos();
    ImGui::PopFont();
    ImGui::EndTooltip();
    ImGui::PopStyleVar(2);
}

} // namespace atelier::studio
