// SPDX-License-Identifier: Apache-2.0
#include "studio/toolkit/plot.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <imgui_internal.h>

#include "studio/toolkit/ui.h"
#include "studio/toolkit/widgets.h"

namespace atelier::studio {
namespace {

// What is drawn for a value, or NaN for a gap.
double level(const PlotSpec& spec, double value) {
    if (!std::isfinite(value) || (spec.logarithmic && value <= 0))
        return std::numeric_limits<double>::quiet_NaN();
    return spec.logarithmic ? std::log10(value) : value;
}

class Place {
public:
    Place(const PlotSpec& spec, const PlotRange& range, float width, float height)
        : spec_(spec), range_(range), width_(width), height_(height) {}
    float x(double value) const {
        const double span = spec_.last_x - spec_.first_x;
        const double part = span > 0 ? (value - spec_.first_x) / span : 0.5;
        return static_cast<float>(std::clamp(part, -1.0, 2.0)) * width_;
    }
    float y(double at) const { // of level()
        return height_ * static_cast<float>(1 - (at - range_.low) / (range_.high - range_.low));
    }

private:
    const PlotSpec& spec_;
    const PlotRange& range_;
    float width_, height_;
};

// Collects what falls into one pixel column: where it enters, its extremes, where it leaves.
struct Bin {
    int column = 0;
    int count = 0;
    ImVec2 first, last, low, high;
    void add(ImVec2 p) {
        if (count++ == 0)
            first = low = high = p;
        last = p;
        low = p.y > low.y ? p : low;
        high = p.y < high.y ? p : high;
    }
    void flush(std::vector<ImVec2>& line) {
        if (count > 0)
            line.push_back(first);
        if (count > 2) {
            const bool low_first = low.x < high.x;
            line.push_back(low_first ? low : high);
            line.push_back(low_first ? high : low);
        }
        if (count > 1)
            line.push_back(last);
        count = 0;
    }
};

void dashed(ImDrawList& list, ImVec2 from, float to_x, ImU32 colour, float dash) {
    for (float x = from.x; x < to_x; x += dash * 2)
        list.AddLine({x, from.y}, {std::min(x + dash, to_x), from.y}, colour, 1);
}

} // namespace

PlotRange plot_range(const PlotSpec& spec, std::span<const PlotSeries> series, std::span<const PlotLine> lines) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    const auto include = [&](double value) {
        if (const double at = level(spec, value); !std::isnan(at)) {
            low = std::min(low, at);
            high = std::max(high, at);
        }
    };
    for (const PlotSeries& each : series) {
        for (std::size_t i = 0; i < each.y.size(); ++i)
            include(each.y[i]);
    }
    for (const PlotLine& line : lines)
        include(line.y);
    include(spec.min);
    include(spec.max);
    if (low > high)
        return spec.logarithmic ? PlotRange{-1, 1} : PlotRange{0, 1};
    const double least = std::max({std::abs(low), std::abs(high), 1e-6}) * 1e-3; // a flat line stands in the middle
    const double air = std::max((high - low) * 0.08, least);
    // Bounds that were given stay where they are.
    const double fixed_low = level(spec, spec.min), fixed_high = level(spec, spec.max);
    return {low == fixed_low && high > low ? low : low - air, high == fixed_high && high > low ? high : high + air};
}

std::vector<std::vector<ImVec2>> plot_lines(const PlotSpec& spec, const PlotRange& range, Column x, Column y,
                                            float width, float height) {
    const Place place(spec, range, width, height);
    std::vector<std::vector<ImVec2>> lines(1);
    Bin bin;
    for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
        const double at = level(spec, y[i]);
        if (std::isnan(at)) {
            bin.flush(lines.back());
            if (!lines.back().empty())
                lines.emplace_back();
            continue;
        }
        const ImVec2 point{place.x(x[i]), place.y(at)};
        const int column = static_cast<int>(std::floor(point.x));
        if (bin.count > 0 && column != bin.column)
            bin.flush(lines.back());
        bin.column = column;
        bin.add(point);
    }
    bin.flush(lines.back());
    if (lines.back().empty())
        lines.pop_back();
    return lines;
}

float line_label_top(float line, float top, float text, float gap) {
    const float above = line - text - gap;
    return above >= top ? above : line + gap;
}

std::size_t nearest_point(Column x, double at) {
    std::size_t low = 0, high = x.size();
    while (low < high) { // the first that is not below
        const std::size_t middle = (low + high) / 2;
        if (x[middle] < at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == x.size())
        return low == 0 ? 0 : low - 1;
    return low > 0 && at - x[low - 1] < x[low] - at ? low - 1 : low;
}

std::string plot_number(double value) {
    if (std::isnan(value))
        return "-";
    const double size = std::abs(value);
    if (size != 0 && (size >= 1e5 || size < 1e-3))
        return fmt::format("{:.0e}", value);
    return size >= 100 || value == 0 ? fmt::format("{:.0f}", value)
           : size >= 10              ? fmt::format("{:.1f}", value)
           : size >= 0.1             ? fmt::format("{:.2f}", value)
                                     : fmt::format("{:.3f}", value);
}

namespace {

// Name and value of every series, from the right edge inwards on the title's line.
void draw_readings(const PlotSpec& spec, Column x, std::span<const PlotSeries> series, double hover, ImVec2 from,
                   float width) {
    Ui& ui = Ui::current();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    float right = from.x + width;
    const auto put = [&](ImU32 colour, const std::string& text, float space) {
        right -= measure(Face::small, text).x;
        draw_text(list, Face::small, {right, from.y}, colour, text);
        right -= ui.px(space);
    };
    for (std::size_t i = series.size(); i-- > 0;) {
        const Column& y = series[i].y;
        std::size_t at = y.size();
        if (!std::isnan(hover)) {
            at = nearest_point(x, hover);
        } else { // the last that is a number
            while (at > 0 && std::isnan(y[at - 1]))
                --at;
            --at;
        }
        put(series[i].colour, plot_number(at < y.size() ? y[at] : std::numeric_limits<double>::quiet_NaN()), 5);
        if (*series[i].name)
            put(theme::secondary, series[i].name, 10);
    }
    if (measure(Face::small, spec.title).x <= right - from.x)
        draw_text(list, Face::small, from, theme::secondary, spec.title);
}

} // namespace

double plot(const char* id, const PlotSpec& spec, Column x, std::span<const PlotSeries> series,
            std::span<const PlotLine> lines, double reading) {
    Ui& ui = Ui::current();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const float width = spec.width > 0 ? spec.width : ImGui::GetContentRegionAvail().x;
    const float title = measure(Face::small, "0").y + ui.px(2);
    const float height = ui.px(spec.height);
    ImGui::InvisibleButton(id, {width, title + height});
    ui.mark(id, from, {from.x + width, from.y + title + height}, !spec.tooltip.empty());
    const ImVec2 origin{from.x, from.y + title};
    double mouse_x = std::numeric_limits<double>::quiet_NaN();
    if (ImGui::IsItemHovered()) {
        const ImVec2 mouse = ImGui::GetIO().MousePos;
        if (mouse.y < origin.y || x.size() == 0) {
            ui.tooltip(ImGui::GetItemID(), spec.tooltip);
        } else {
            mouse_x = spec.first_x + (spec.last_x - spec.first_x) * static_cast<double>((mouse.x - from.x) / width);
        }
    }
    draw_readings(spec, x, series, reading, from, width);

    const PlotRange range = plot_range(spec, series, lines);
    const Place place(spec, range, width, height);
    const float alpha = ImGui::GetStyle().Alpha;
    list.AddLine({origin.x, origin.y + height}, {origin.x + width, origin.y + height},
                 theme::faded(theme::line, alpha));
    for (const PlotLine& line : lines) {
        if (const double at = level(spec, line.y); !std::isnan(at)) {
            const float y = std::round(origin.y + place.y(at)) + 0.5f;
            dashed(list, {origin.x, y}, origin.x + width, theme::faded(theme::secondary, alpha * 0.7f), ui.px(4));
            const float text = measure(Face::small, line.name).y;
            draw_text(list, Face::small, {origin.x + ui.px(2), line_label_top(y, origin.y, text, ui.px(1))},
                      theme::secondary, line.name);
        }
    }
    for (const PlotSeries& each : series) {
        for (const auto& points : plot_lines(spec, range, x, each.y, width, height)) {
            std::vector<ImVec2> moved = points;
            for (ImVec2& p : moved)
                p = {p.x + origin.x, p.y + origin.y};
            if (moved.size() == 1) {
                list.AddCircleFilled(moved[0], ui.px(1.5f), theme::faded(each.colour, alpha));
            } else {
                list.AddPolyline(moved.data(), static_cast<int>(moved.size()), theme::faded(each.colour, alpha),
                                 ImDrawFlags_None, std::max(1.0f, 1.25f * ui.scale()));
            }
        }
    }
    if (!std::isnan(reading) && x.size() > 0) {
        const float at = std::round(origin.x + place.x(x[nearest_point(x, reading)])) + 0.5f;
        list.AddLine({at, origin.y}, {at, origin.y + height}, theme::faded(theme::secondary, alpha * 0.6f));
    }
    return mouse_x;
}

} // namespace atelier::studio
