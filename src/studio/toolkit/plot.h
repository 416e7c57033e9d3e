// SPDX-License-Identifier: Apache-2.0
// Plots of values over time: thin lines without boxes, dashed bounds, the last value at the right end, gaps where a
// value is NaN. The mouse on one reads all of them. Draws with ImGui; the geometry is apart and pure.
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <imgui.h>

namespace atelier::studio {

// A column of a table of structs, or of plain doubles: nothing is copied.
class Column {
public:
    Column() = default;
    Column(const double* first, std::size_t count, std::size_t stride = sizeof(double))
        : first_(reinterpret_cast<const std::byte*>(first)), count_(count), stride_(stride) {}
    std::size_t size() const { return count_; }
    double operator[](std::size_t i) const { return *reinterpret_cast<const double*>(first_ + i * stride_); }

private:
    const std::byte* first_ = nullptr;
    std::size_t count_ = 0;
    std::size_t stride_ = sizeof(double);
};

struct PlotSeries {
    const char* name = "";
    ImU32 colour = 0;
    Column y; // as many as x
};

// A dashed line across: a target or a bound.
struct PlotLine {
    const char* name = "";
    double y = 0;
};

struct PlotSpec {
    const char* title = "";
    std::string_view tooltip = {};
    float height = 44;        // of the plot itself, 96 dpi pixels
    float width = 0;          // pixels; 0: the rest of the line
    bool logarithmic = false; // values of 0 and below are gaps
    // Always within the axis; NaN: only as far as values go.
    double min = std::numeric_limits<double>::quiet_NaN();
    double max = std::numeric_limits<double>::quiet_NaN();
    double first_x = 0, last_x = 1; // of the axis
};

struct PlotRange {
    double low = 0, high = 1; // log10 of the values when logarithmic
};

// The axis that shows all finite values and lines: never empty, with a little air.
PlotRange plot_range(const PlotSpec& spec, std::span<const PlotSeries> series, std::span<const PlotLine> lines);

// The polylines of one series in a box of width x height pixels, (0,0) its upper left: one for each run of values
// without a gap. More points than pixels become the lowest and highest of each pixel column.
std::vector<std::vector<ImVec2>> plot_lines(const PlotSpec& spec, const PlotRange& range, Column x, Column y,
                                            float width, float height);

// Where the name of a dashed line begins, downwards in pixels: above its line, or below where it would reach over
// `top`, the upper edge of the plot, into the title. text: its height; gap: between it and the line.
float line_label_top(float line, float top, float text, float gap);

// The index of the point whose x is nearest; x ascends. 0 when there is none.
std::size_t nearest_point(Column x, double at);

std::string plot_number(double value); // at most six characters; "-" for NaN

// reading: the x whose values are shown in place of the last ones, NaN: none. Returns where the mouse is on this plot,
// in units of x; NaN: elsewhere.
double plot(const char* id, const PlotSpec& spec, Column x, std::span<const PlotSeries> series,
            std::span<const PlotLine> lines, double reading);

} // namespace atelier::studio
