// SPDX-License-Identifier: Apache-2.0
// The curves of the run: one below the other where there is room, else two in a row.
#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <utility>

#include <fmt/format.h>

#include "studio/toolkit/form_rows.h"
#include "studio/toolkit/plot.h"
#include "studio/train/train_panel.h"

namespace atelier::studio {
namespace {

struct Curve {
    const char* id;
    PlotSpec spec;
    std::initializer_list<PlotSeries> series;
    std::initializer_list<PlotLine> lines;
};

class Curves {
public:
    explicit Curves(TrainingController& training)
        : training_(training), points_(*training.status().history), x_(column(&TrainPoint::kimg)),
          reading_(std::exchange(training.plot_reading, std::numeric_limits<double>::quiet_NaN())) {
        Ui& ui = Ui::current();
        const float whole = ImGui::GetContentRegionAvail().x;
        // As high as fills the panel: scrolling is for small windows.
        const float line = measure(Face::small, "0").y;
        const float below = ImGui::GetWindowHeight() - ImGui::GetCursorPosY() - line - ui.px(24);
        const bool two = below < ui.px(420);
        if (two)
            width_ = std::floor((whole - ui.px(16)) / 2);
        const float each = below / (two ? 3 : 6) - line - ui.px(2) - ImGui::GetStyle().ItemSpacing.y;
        height_ = std::clamp(each / ui.scale(), 30.0f, 90.0f);
    }
    Column column(double TrainPoint::*member) const {
        return Column(&(points_.front().*member), points_.size(), sizeof(TrainPoint));
    }
    void heading() const {
        label(std::isnan(reading_) ? fmt::format("Values at the end, {:.2f} kimg", points_.back().kimg)
                                   : fmt::format("Values at {:.2f} kimg", points_[nearest_point(x_, reading_)].kimg));
    }
    void draw(Curve curve) {
        if (width_ > 0 && count_++ % 2 == 1)
            ImGui::SameLine(0, Ui::current().px(16));
        curve.spec.width = width_;
        curve.spec.height = height_;
        curve.spec.first_x = points_.front().kimg;
        curve.spec.last_x = points_.back().kimg;
        const double mouse = plot(curve.id, curve.spec, x_, {curve.series.begin(), curve.series.size()},
                                  {curve.lines.begin(), curve.lines.size()}, reading_);
        if (!std::isnan(mouse))
            training_.plot_reading = mouse;
    }

private:
    TrainingController& training_;
    const std::vector<TrainPoint>& points_;
    Column x_;
    double reading_;
    float width_ = 0, height_ = 0;
    int count_ = 0;
};

} // namespace

void draw_train_curves(TrainingController& training) {
    const TrainStatus& status = training.status();
    if (!status.history || status.history->empty()) {
        paragraph("The curves begin with the first tick.");
        return;
    }
    Curves curves(training);
    curves.heading();
    curves.draw({"plot-loss",
                 {.title = "Loss", .tooltip = "What each network tries to make small; neither goes to 0"},
                 {{"G", theme::accent, curves.column(&TrainPoint::g_loss)},
                  {"D", theme::good, curves.column(&TrainPoint::d_loss)}},
                 {}});
    curves.draw(
        {"plot-scores",
         {.title = "Scores",
          .tooltip = "What the discriminator says of real and of fake pictures: above 0 it takes them for real"},
         {{"real", theme::good, curves.column(&TrainPoint::score_real)},
          {"fake", theme::bad, curves.column(&TrainPoint::score_fake)}},
         {{"", 0}}});
    curves.draw(
        {"plot-rt",
         {.title = "Overfitting r_t",
          .tooltip = "How sure the discriminator is of the real pictures; automatic augmentation holds it at the "
                     "dashed line. At 1 it knows them by heart",
          .max = 1},
         {{"", theme::accent, curves.column(&TrainPoint::rt)}},
         {{"target", status.target}}});
    curves.draw({"plot-p",
                 {.title = "Augment p", .tooltip = "How strongly the pictures are changed, 0 to 1", .min = 0},
                 {{"", theme::accent, curves.column(&TrainPoint::p)}},
                 {}});
    curves.draw({"plot-pl",
                 {.title = "Path length",
                  .tooltip = "Penalty for uneven steps of the latent space, on a logarithmic axis",
                  .logarithmic = true},
                 {{"", theme::accent, curves.column(&TrainPoint::pl_penalty)}},
                 {}});
    curves.draw({"plot-r1",
                 {.title = "R1",
                  .tooltip = "Penalty for a discriminator that is too steep, on a logarithmic axis",
                  .logarithmic = true},
                 {{"", theme::accent, curves.column(&TrainPoint::r1_penalty)}},
                 {}});
}

} // namespace atelier::studio
