// SPDX-License-Identifier: Apache-2.0
#include "studio/toolkit/icons.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>

namespace atelier::studio {
namespace {

// Draws in a square from -1 to 1.
class Pen {
public:
    Pen(ImDrawList& list, ImVec2 middle, float size, ImU32 colour)
        : list_(list), middle_(middle), half_(size / 2), width_(std::max(1.2f, size / 12)), colour_(colour) {}

    ImVec2 at(float x, float y) const { return {middle_.x + x * half_, middle_.y + y * half_}; }

    void path(std::initializer_list<ImVec2> points, bool closed = false) const {
        for (const ImVec2& p : points)
            list_.PathLineTo(at(p.x, p.y));
        list_.PathStroke(colour_, closed ? ImDrawFlags_Closed : ImDrawFlags_None, width_);
    }
    void fill(std::initializer_list<ImVec2> points) const {
        for (const ImVec2& p : points)
            list_.PathLineTo(at(p.x, p.y));
        list_.PathFillConvex(colour_);
    }
    void circle(float x, float y, float radius) const { list_.AddCircle(at(x, y), radius * half_, colour_, 0, width_); }
    void dot(float x, float y, float radius) const { list_.AddCircleFilled(at(x, y), radius * half_, colour_); }
    void box(float x0, float y0, float x1, float y1, float round) const {
        list_.AddRect(at(x0, y0), at(x1, y1), colour_, round * half_, 0, width_);
    }

private:
    ImDrawList& list_;
    ImVec2 middle_;
    float half_;
    float width_;
    ImU32 colour_;
};

// A part of a circle around the middle, from one angle to another in turns, clockwise from the right.
void arc(const Pen& pen, float radius, float from, float to) {
    constexpr int steps = 20;
    for (int i = 0; i < steps; ++i) {
        const auto at = [&](int step) {
            const float turn = 6.2831853f * (from + (to - from) * static_cast<float>(step) / static_cast<float>(steps));
            return ImVec2{std::cos(turn) * radius, std::sin(turn) * radius};
        };
        pen.path({at(i), at(i + 1)});
    }
}

} // namespace

const char* icon_meaning(Icon icon) {
    switch (icon) {
    case Icon::none: return "";
    case Icon::play: return "begins, or goes on";
    case Icon::pause: return "rests";
    case Icon::record: return "records";
    case Icon::stop: return "ends";
    case Icon::camera: return "takes what is shown";
    case Icon::film: return "renders a video";
    case Icon::folder: return "opens a file or folder";
    case Icon::file: return "a file";
    case Icon::help: return "help";
    case Icon::plus: return "adds";
    case Icon::close: return "closes, or leaves";
    case Icon::dice: return "somewhere at random";
    case Icon::chevron_left: return "to the left";
    case Icon::chevron_right: return "to the right";
    case Icon::chevron_down: return "unfolds";
    case Icon::up: return "the folder above";
    case Icon::lines: return "the log";
    case Icon::check: return "done, or goes in";
    case Icon::alert: return "something is wrong";
    case Icon::pencil: return "changed by hand";
    case Icon::back: return "back to the picture or the walk";
    case Icon::sliders: return "options of what is beside it";
    case Icon::star: return "kept as a star";
    case Icon::grid: return "many pictures beside each other";
    case Icon::screen: return "the output window";
    case Icon::more: return "more buttons";
    case Icon::loop: return "begins again at its end";
    case Icon::reset: return "back to the standard";
    case Icon::follow: return "follows again what leads it";
    case Icon::zero: return "all to 0";
    case Icon::gear: return "settings";
    case Icon::grip: return "drag it, or open its menu";
    case Icon::wave: return "swings by itself";
    case Icon::mix: return "mixes it in";
    case Icon::start: return "to the start";
    case Icon::bin: return "removes";
    case Icon::save: return "into a file";
    case Icon::out: return "stays out";
    case Icon::plug: return "is connected to what plays it";
    }
    return "";
}

void draw_icon(ImDrawList& list, Icon icon, ImVec2 middle, float size, ImU32 colour) {
    const Pen pen(list, middle, size, colour);
    switch (icon) {
    case Icon::none: break;
    case Icon::play: pen.fill({{-0.5f, -0.75f}, {0.8f, 0}, {-0.5f, 0.75f}}); break;
    case Icon::pause:
        pen.fill({{-0.6f, -0.7f}, {-0.2f, -0.7f}, {-0.2f, 0.7f}, {-0.6f, 0.7f}});
        pen.fill({{0.2f, -0.7f}, {0.6f, -0.7f}, {0.6f, 0.7f}, {0.2f, 0.7f}});
        break;
    case Icon::record:
        pen.circle(0, 0, 0.8f);
        pen.dot(0, 0, 0.42f);
        break;
    case Icon::stop: pen.fill({{-0.55f, -0.55f}, {0.55f, -0.55f}, {0.55f, 0.55f}, {-0.55f, 0.55f}}); break;
    case Icon::camera:
        pen.box(-0.9f, -0.5f, 0.9f, 0.72f, 0.2f);
        pen.circle(0, 0.1f, 0.34f);
        pen.path({{-0.35f, -0.55f}, {-0.2f, -0.8f}, {0.2f, -0.8f}, {0.35f, -0.55f}});
        break;
    case Icon::film:
        pen.box(-0.85f, -0.7f, 0.85f, 0.7f, 0.15f);
        pen.path({{-0.45f, -0.7f}, {-0.45f, 0.7f}});
        pen.path({{0.45f, -0.7f}, {0.45f, 0.7f}});
        pen.path({{-0.85f, 0}, {-0.45f, 0}});
        pen.path({{0.45f, 0}, {0.85f, 0}});
        break;
    case Icon::folder:
        pen.path({{-0.85f, 0.65f}, {-0.85f, -0.6f}, {-0.25f, -0.6f}, {-0.05f, -0.35f}, {0.85f, -0.35f}, {0.85f, 0.65f}},
                 true);
        break;
    case Icon::file:
        pen.path({{-0.6f, 0.85f}, {-0.6f, -0.85f}, {0.2f, -0.85f}, {0.6f, -0.4f}, {0.6f, 0.85f}}, true);
        pen.path({{0.2f, -0.85f}, {0.2f, -0.4f}, {0.6f, -0.4f}});
        break;
    case Icon::help:
        pen.path({{-0.42f, -0.35f},
                  {-0.36f, -0.62f},
                  {0, -0.78f},
                  {0.36f, -0.62f},
                  {0.42f, -0.32f},
                  {0.3f, -0.06f},
                  {0.02f, 0.12f},
                  {0, 0.36f}});
        pen.dot(0, 0.74f, 0.12f);
        break;
    case Icon::plus:
        pen.path({{-0.65f, 0}, {0.65f, 0}});
        pen.path({{0, -0.65f}, {0, 0.65f}});
        break;
    case Icon::close:
        pen.path({{-0.5f, -0.5f}, {0.5f, 0.5f}});
        pen.path({{-0.5f, 0.5f}, {0.5f, -0.5f}});
        break;
    case Icon::dice:
        pen.box(-0.75f, -0.75f, 0.75f, 0.75f, 0.25f);
        pen.dot(-0.32f, -0.32f, 0.14f);
        pen.dot(0.32f, 0.32f, 0.14f);
        pen.dot(0.32f, -0.32f, 0.14f);
        pen.dot(-0.32f, 0.32f, 0.14f);
        break;
    case Icon::chevron_left: pen.path({{0.25f, -0.55f}, {-0.3f, 0}, {0.25f, 0.55f}}); break;
    case Icon::chevron_right: pen.path({{-0.25f, -0.55f}, {0.3f, 0}, {-0.25f, 0.55f}}); break;
    case Icon::chevron_down: pen.path({{-0.55f, -0.25f}, {0, 0.3f}, {0.55f, -0.25f}}); break;
    case Icon::up:
        pen.path({{-0.5f, -0.1f}, {0, -0.65f}, {0.5f, -0.1f}});
        pen.path({{0, -0.6f}, {0, 0.7f}});
        break;
    case Icon::lines:
        pen.path({{-0.7f, -0.5f}, {0.7f, -0.5f}});
        pen.path({{-0.7f, 0}, {0.7f, 0}});
        pen.path({{-0.7f, 0.5f}, {0.2f, 0.5f}});
        break;
    case Icon::check: pen.path({{-0.6f, 0.05f}, {-0.15f, 0.5f}, {0.65f, -0.45f}}); break;
    case Icon::alert:
        pen.circle(0, 0, 0.85f);
        pen.path({{0, -0.45f}, {0, 0.1f}});
        pen.dot(0, 0.42f, 0.11f);
        break;
    case Icon::pencil:
        pen.path({{-0.7f, 0.7f}, {-0.55f, 0.15f}, {0.4f, -0.8f}, {0.8f, -0.4f}, {-0.15f, 0.55f}}, true);
        break;
    case Icon::sliders:
        pen.path({{-0.8f, -0.4f}, {0.8f, -0.4f}});
        pen.path({{-0.8f, 0.4f}, {0.8f, 0.4f}});
        pen.dot(-0.3f, -0.4f, 0.25f);
        pen.dot(0.35f, 0.4f, 0.25f);
        break;
    case Icon::star:
        pen.path({{0, -0.9f},
                  {0.24f, -0.32f},
                  {0.86f, -0.28f},
                  {0.38f, 0.12f},
                  {0.53f, 0.73f},
                  {0, 0.4f},
                  {-0.53f, 0.73f},
                  {-0.38f, 0.12f},
                  {-0.86f, -0.28f},
                  {-0.24f, -0.32f}},
                 true);
        break;
    case Icon::grid:
        for (const float x : {-0.75f, 0.1f}) {
            for (const float y : {-0.75f, 0.1f})
                pen.box(x, y, x + 0.65f, y + 0.65f, 0.12f);
        }
        break;
    case Icon::screen:
        pen.box(-0.85f, -0.7f, 0.85f, 0.4f, 0.15f);
        pen.path({{-0.4f, 0.8f}, {0.4f, 0.8f}});
        pen.path({{0, 0.4f}, {0, 0.8f}});
        break;
    case Icon::more:
        for (const float x : {-0.65f, 0.0f, 0.65f})
            pen.dot(x, 0, 0.17f);
        break;
    case Icon::loop: // two arrows that chase each other
        pen.path({{-0.8f, 0.05f}, {-0.8f, -0.45f}, {0.7f, -0.45f}});
        pen.path({{0.4f, -0.8f}, {0.75f, -0.45f}, {0.4f, -0.1f}});
        pen.path({{0.8f, -0.05f}, {0.8f, 0.45f}, {-0.7f, 0.45f}});
        pen.path({{-0.4f, 0.8f}, {-0.75f, 0.45f}, {-0.4f, 0.1f}});
        break;
    case Icon::reset: // once round, against the clock
        arc(pen, 0.68f, -0.36f, 0.42f);
        pen.path({{-0.78f, -0.85f}, {-0.45f, -0.5f}, {-0.88f, -0.28f}});
        break;
    case Icon::follow: // lines that come together
        pen.path({{-0.8f, -0.6f}, {-0.1f, 0}, {-0.8f, 0.6f}});
        pen.path({{-0.8f, 0}, {0.75f, 0}});
        pen.path({{0.4f, -0.35f}, {0.75f, 0}, {0.4f, 0.35f}});
        break;
    case Icon::zero:
        pen.path({{0, -0.8f},
                  {0.38f, -0.55f},
                  {0.5f, 0},
                  {0.38f, 0.55f},
                  {0, 0.8f},
                  {-0.38f, 0.55f},
                  {-0.5f, 0},
                  {-0.38f, -0.55f}},
                 true);
        break;
    case Icon::gear:
        pen.circle(0, 0, 0.34f);
        for (int i = 0; i < 8; ++i) {
            const float turn = 0.78539816f * static_cast<float>(i);
            pen.path(
                {{std::cos(turn) * 0.58f, std::sin(turn) * 0.58f}, {std::cos(turn) * 0.9f, std::sin(turn) * 0.9f}});
        }
        pen.circle(0, 0, 0.6f);
        break;
    case Icon::grip:
        for (const float x : {-0.3f, 0.3f}) {
            for (const float y : {-0.6f, 0.0f, 0.6f})
                pen.dot(x, y, 0.14f);
        }
        break;
    case Icon::wave:
        for (int i = 0; i < 16; ++i) {
            const auto at = [](int step) {
                const float x = -0.85f + 1.7f * static_cast<float>(step) / 16;
                return ImVec2{x, -0.6f * std::sin(x * 3.6959914f)};
            };
            pen.path({at(i), at(i + 1)});
        }
        break;
    case Icon::mix:
        pen.circle(-0.28f, 0, 0.52f);
        pen.circle(0.28f, 0, 0.52f);
        break;
    case Icon::start:
        pen.path({{-0.65f, -0.6f}, {-0.65f, 0.6f}});
        pen.path({{0.55f, -0.55f}, {-0.2f, 0}, {0.55f, 0.55f}});
        break;
    case Icon::bin:
        pen.path({{-0.75f, -0.5f}, {0.75f, -0.5f}});
        pen.path({{-0.25f, -0.55f}, {-0.25f, -0.8f}, {0.25f, -0.8f}, {0.25f, -0.55f}});
        pen.path({{-0.55f, -0.5f}, {-0.45f, 0.8f}, {0.45f, 0.8f}, {0.55f, -0.5f}});
        break;
    case Icon::save:
        pen.path({{0, -0.8f}, {0, 0.2f}});
        pen.path({{-0.4f, -0.2f}, {0, 0.25f}, {0.4f, -0.2f}});
        pen.path({{-0.8f, 0.3f}, {-0.8f, 0.75f}, {0.8f, 0.75f}, {0.8f, 0.3f}});
        break;
    case Icon::out:
        pen.circle(0, 0, 0.75f);
        pen.path({{-0.5f, 0.5f}, {0.5f, -0.5f}});
        break;
    case Icon::plug:
        pen.path({{-0.35f, -0.8f}, {-0.35f, -0.25f}});
        pen.path({{0.35f, -0.8f}, {0.35f, -0.25f}});
        pen.path({{-0.65f, -0.25f}, {0.65f, -0.25f}, {0.5f, 0.3f}, {-0.5f, 0.3f}, {-0.65f, -0.25f}});
        pen.path({{0, 0.3f}, {0, 0.85f}});
        break;
    case Icon::back:
        pen.path({{-0.1f, -0.65f}, {-0.7f, -0.15f}, {-0.1f, 0.35f}});
        pen.path({{-0.65f, -0.15f}, {0.3f, -0.15f}, {0.7f, 0.15f}, {0.7f, 0.65f}});
        break;
    }
}

} // namespace atelier::studio
