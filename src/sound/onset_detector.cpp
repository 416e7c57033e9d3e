// SPDX-License-Identifier: Apache-2.0
#include "sound/onset_detector.h"

#include <cmath>
#include <numeric>

namespace atelier::sound {
namespace {

constexpr float steepness = 1000; // of the logarithm: what is 60 dB below full scale still counts
constexpr double mean_seconds = 0.5, apart_seconds = 0.05;
constexpr double strength_half_life = 5;                   // seconds
constexpr double hidden_part = 0.6, hidden_seconds = 0.25; // of an onset's height, and until it hides a third of that

} // namespace

OnsetDetector::OnsetDetector(double steps, double sensitivity)
    : margin_(0.02 * std::exp2(-3 * sensitivity + 0.5)), factor_(2.5 - 1.5 * sensitivity),
      hides_less_(std::exp(-1 / (hidden_seconds * steps))),
      recent_(static_cast<std::size_t>(std::lround(mean_seconds * steps))), quiet_for_(static_cast<int>(steps)),
      least_apart_(static_cast<int>(std::lround(apart_seconds * steps))),
      strongest_(strength_half_life * steps, margin_) {}

std::optional<OnsetDetector::Peak> OnsetDetector::step(std::span<const float> magnitudes) {
    before_.resize(magnitudes.size());
    logs_before_.resize(magnitudes.size());
    const float scale = 1 / std::log1p(steepness);
    float flux = 0;
    rise_ = 0;
    for (std::size_t i = 0; i < magnitudes.size(); ++i) {
        const float log = std::log1p(steepness * magnitudes[i]) * scale;
        flux += std::max(0.0f, log - logs_before_[i]);
        rise_ += std::max(0.0f, magnitudes[i] - before_[i]);
        logs_before_[i] = log;
        before_[i] = magnitudes[i];
    }
    const double mean = std::accumulate(recent_.begin(), recent_.end(), 0.0) / static_cast<double>(recent_.size());
    recent_[at_] = flux_[0];
    at_ = (at_ + 1) % recent_.size();
    flux_ = {flux / static_cast<float>(magnitudes.size()), flux_[0], flux_[1], flux_[2]};
    ++quiet_for_;
    hidden_ *= hides_less_;
    const bool peak = flux_[1] >= flux_[0] && flux_[1] > flux_[2] && flux_[1] > flux_[3];
    if (!peak || flux_[1] <= std::max(margin_ + factor_ * mean, hidden_) || quiet_for_ < least_apart_) {
        return {};
    }
    quiet_for_ = 0;
    hidden_ = hidden_part * flux_[1];
    return Peak{1, static_cast<float>(strongest_(flux_[1]))};
}

} // namespace atelier::sound
