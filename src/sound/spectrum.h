// SPDX-License-Identifier: Apache-2.0
// Spectrum: how loud each frequency is in a window of sound. One thread at a time.
#pragma once

#include <memory>
#include <span>
#include <vector>

namespace atelier::sound {

class Spectrum {
public:
    explicit Spectrum(int window); // samples, even
    ~Spectrum();
    Spectrum(Spectrum&&) noexcept;
    Spectrum& operator=(Spectrum&&) noexcept;

    int window() const { return static_cast<int>(weights_.size()); }
    int bins() const { return window() / 2 + 1; } // bin k is at k * rate / window

    // Of `window()` samples. A sine of amplitude a in the middle of a bin reads a in that bin. Good until the next
    // call.
    std::span<const float> of(std::span<const float> samples);
    // The root mean square of the last samples under the window, times sqrt 2: the amplitude of a sine of that energy.
    float level() const { return level_; }
    // Of what lies from `low` to `high` Hz, of a rate in Hz: the amplitude of a sine with that energy.
    float band(double low, double high, double rate) const;

private:
    struct Plan;
    std::unique_ptr<Plan> plan_;
    std::vector<float> weights_, weighted_, magnitudes_;
    float level_ = 0;
    double sum_ = 0, sum_of_squares_ = 0; // of the weights
};

} // namespace atelier::sound
