// SPDX-License-Identifier: Apache-2.0
#include "sound/spectrum.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <kiss_fftr.h>

namespace atelier::sound {

struct Spectrum::Plan {
    explicit Plan(int window) : config(kiss_fftr_alloc(window, 0, nullptr, nullptr)), out(window / 2 + 1) {}
    ~Plan() { kiss_fftr_free(config); }
    Plan(const Plan&) = delete;
    Plan& operator=(const Plan&) = delete;

    kiss_fftr_cfg config;
    std::vector<kiss_fft_cpx> out;
};

Spectrum::Spectrum(int window)
    : plan_(std::make_unique<Plan>(window)), weights_(window), weighted_(window), magnitudes_(window / 2 + 1) {
    for (int i = 0; i < window; ++i) { // Hann's
        weights_[i] = static_cast<float>(0.5 - 0.5 * std::cos(2 * std::numbers::pi * i / window));
        sum_ += weights_[i];
        sum_of_squares_ += static_cast<double>(weights_[i]) * weights_[i];
    }
}

Spectrum::~Spectrum() = default;
Spectrum::Spectrum(Spectrum&&) noexcept = default;
Spectrum& Spectrum::operator=(Spectrum&&) noexcept = default;

std::span<const float> Spectrum::of(std::span<const float> samples) {
    double energy = 0;
    for (std::size_t i = 0; i < weighted_.size(); ++i) {
        weighted_[i] = samples[i] * weights_[i];
        energy += static_cast<double>(weighted_[i]) * weighted_[i];
    }
    level_ = static_cast<float>(std::sqrt(2 * energy / sum_of_squares_));
    kiss_fftr(plan_->config, weighted_.data(), plan_->out.data());
    const auto scale = static_cast<float>(2 / sum_);
    for (std::size_t i = 0; i < magnitudes_.size(); ++i) {
        const kiss_fft_cpx& value = plan_->out[i];
        magnitudes_[i] = scale * std::sqrt(value.r * value.r + value.i * value.i);
    }
    return magnitudes_;
}

float Spectrum::band(double low, double high, double rate) const {
    const double bin = rate / window();
    const auto first = static_cast<std::size_t>(std::clamp(std::ceil(low / bin), 0.0, bins() * 1.0));
    const auto end = static_cast<std::size_t>(std::clamp(std::ceil(high / bin), 0.0, bins() * 1.0));
    double energy = 0;
    for (std::size_t i = first; i < end; ++i) {
        energy += static_cast<double>(magnitudes_[i]) * magnitudes_[i];
    }
    // A window smears a sine over several bins, whose energies sum up to so much too much (Harris 1978, noise
    // bandwidth).
    const double too_much = window() * sum_of_squares_ / (sum_ * sum_);
    return static_cast<float>(std::sqrt(energy / too_much));
}

} // namespace atelier::sound
