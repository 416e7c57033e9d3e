// SPDX-License-Identifier: Apache-2.0
#include "prepare/resample.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "prepare/colour.h"

namespace atelier::prepare {
namespace {

constexpr double lobes = 3;

double lanczos(double x) {
    if (std::abs(x) >= lobes) {
        return 0;
    }
    const double a = x * std::numbers::pi;
    return std::abs(x) < 1e-12 ? 1 : lobes * std::sin(a) * std::sin(a / lobes) / (a * a);
}

// Which inputs make an output, and how much each gives; they sum to 1.
struct Taps {
    int first = 0;
    std::vector<double> weights;
};

Taps taps_at(int out, double scale, int inputs, Filter filter) {
    const double stretch = std::max(scale, 1.0), centre = (out + 0.5) * scale;
    const bool area = filter == Filter::area && scale > 1;
    const double reach = area ? scale / 2 : lobes * stretch;
    const int first = std::max(0, static_cast<int>(area ? std::floor(centre - reach) : centre - reach + 0.5));
    const int end = std::min(inputs, static_cast<int>(area ? std::ceil(centre + reach - 1e-9) : centre + reach + 0.5));
    Taps taps{std::min(first, inputs - 1), {}};
    double sum = 0;
    for (int i = taps.first; i < std::max(end, taps.first + 1); ++i) {
        const double weight = area ? std::min(i + 1.0, centre + reach) - std::max<double>(i, centre - reach)
                                   : lanczos((i - centre + 0.5) / stretch);
        taps.weights.push_back(weight);
        sum += weight;
    }
    for (double& weight : taps.weights) {
        weight /= sum;
    }
    return taps;
}

std::vector<Taps> all_taps(int inputs, int outputs, Filter filter) {
    std::vector<Taps> taps;
    for (int out = 0; out < outputs; ++out) {
        taps.push_back(taps_at(out, static_cast<double>(inputs) / outputs, inputs, filter));
    }
    return taps;
}

// Where a place beyond 0..size-1 is taken from; -1: nowhere, the background shows.
int source_of(int at, int size, Fill fill) {
    if (at >= 0 && at < size) {
        return at;
    }
    if (fill == Fill::colour) {
        return -1;
    }
    if (fill == Fill::edge || size == 1) {
        return std::clamp(at, 0, size - 1);
    }
    const int period = 2 * (size - 1); // the edge itself is not doubled
    const int folded = ((at % period) + period) % period;
    return folded < size ? folded : period - folded;
}

// Rows of the rectangle as float RGB, flattened, or with alpha.
class Rows {
public:
    Rows(const Picture& picture, const Rect& rect, const CutOptions& options) : picture_(picture), rect_(rect) {
        fill_ = options.fill;
        alpha_ = options.alpha;
        for (std::size_t i = 0; i < 256; ++i) {
            values_[i] = options.linear_light ? light_of_codes()[i] : static_cast<double>(i) / 255;
        }
        ground_ = {values_[options.background.r], values_[options.background.g], values_[options.background.b]};
        for (int x = 0; x < rect.width; ++x) {
            columns_.push_back(source_of(rect.x + x, picture.width(), fill_));
        }
    }

    void read(int y, float* into) const {
        const int row = source_of(rect_.y + y, picture_.height(), fill_);
        const std::uint8_t* pixels = row < 0 ? nullptr : picture_.pixels.ptr<std::uint8_t>(row);
        const int channels = picture_.pixels.channels();
        for (const int column : columns_) {
            const std::uint8_t* at = pixels == nullptr || column < 0 ? nullptr : pixels + column * channels;
            const double alpha = at == nullptr ? 0 : (channels == 4 ? at[3] / 255.0 : 1);
            for (std::size_t c = 0; c < 3; ++c) {
                const double own = at == nullptr ? 0 : values_[at[2 - c]]; // from BGR
                *into++ = static_cast<float>(own * alpha + (alpha_ ? 0 : ground_[c] * (1 - alpha)));
            }
            if (alpha_) {
                *into++ = static_cast<float>(alpha);
            }
        }
    }

private:
    const Picture& picture_;
    Rect rect_;
    Fill fill_ = Fill::colour;
    bool alpha_ = false;
    std::array<double, 256> values_{};
    std::array<double, 3> ground_{};
    std::vector<int> columns_;
};

template <std::size_t Channels> void across(const float* from, const std::vector<Taps>& taps, float* into) {
    for (const Taps& tap : taps) {
        const float* at = from + static_cast<std::size_t>(tap.first) * Channels;
        std::array<double, Channels> sums{};
        for (const double weight : tap.weights) {
            for (std::size_t c = 0; c < Channels; ++c) {
                sums[c] += at[c] * weight;
            }
            at += Channels;
        }
        for (const double sum : sums) {
            *into++ = static_cast<float>(sum);
        }
    }
}

// The rows that one output row is made of, as a window that moves down.
class Window {
public:
    Window(const Rows& rows, const Rect& rect, int width, const CutOptions& options)
        : rows_(rows), taps_(all_taps(rect.width, width, options.filter)), channels_(options.alpha ? 4 : 3),
          size_(static_cast<std::size_t>(width) * channels_), line_(static_cast<std::size_t>(rect.width) * channels_) {}

    const float* row(int y, int keep_from) {
        while (!kept_.empty() && first_ < keep_from) {
            spare_.push_back(std::move(kept_.front()));
            kept_.erase(kept_.begin());
            ++first_;
        }
        if (kept_.empty()) {
            first_ = y;
        }
        while (first_ + static_cast<int>(kept_.size()) <= y) {
            rows_.read(first_ + static_cast<int>(kept_.size()), line_.data());
            std::vector<float> made(size_);
            if (!spare_.empty()) {
                made.swap(spare_.back());
                spare_.pop_back();
            }
            channels_ == 4 ? across<4>(line_.data(), taps_, made.data()) : across<3>(line_.data(), taps_, made.data());
            kept_.push_back(std::move(made));
        }
        return kept_[static_cast<std::size_t>(y - first_)].data();
    }

private:
    const Rows& rows_;
    std::vector<Taps> taps_;
    std::size_t channels_, size_; // of a row that was made
    int first_ = 0;
    std::vector<float> line_;
    std::vector<std::vector<float>> kept_, spare_;
};

} // namespace

cv::Mat resample(const Picture& picture, const Rect& rect, int width, int height, const CutOptions& options) {
    const Rows rows(picture, rect, options);
    Window window(rows, rect, width, options);
    cv::Mat result(height, width, options.alpha ? CV_32FC4 : CV_32FC3);
    std::vector<double> sums(static_cast<std::size_t>(width) * (options.alpha ? 4 : 3));
    int y = 0;
    for (const Taps& taps : all_taps(rect.height, height, options.filter)) {
        std::fill(sums.begin(), sums.end(), 0);
        for (std::size_t i = 0; i < taps.weights.size(); ++i) {
            const float* row = window.row(taps.first + static_cast<int>(i), taps.first);
            for (std::size_t x = 0; x < sums.size(); ++x) {
                sums[x] += row[x] * taps.weights[i];
            }
        }
        std::transform(sums.begin(), sums.end(), result.ptr<float>(y++),
                       [](double v) { return static_cast<float>(v); });
    }
    return result;
}

cv::Mat to_codes(const cv::Mat& image, bool linear_light, Colour beneath) {
    const auto code = [linear_light](float v) {
        return linear_light ? nearest_code(v)
                            : static_cast<std::uint8_t>(std::lrint(std::clamp(v, 0.0F, 1.0F) * 255.0F));
    };
    const int channels = image.channels();
    cv::Mat result(image.rows, image.cols, CV_8UC(channels));
    for (int y = 0; y < image.rows; ++y) {
        const auto* from = image.ptr<float>(y);
        auto* into = result.ptr<std::uint8_t>(y);
        for (int x = 0; x < image.cols; ++x, from += channels, into += channels) {
            const float alpha = channels == 4 ? std::clamp(from[3], 0.0F, 1.0F) : 1;
            if (channels == 4) {
                into[3] = static_cast<std::uint8_t>(std::lrint(alpha * 255.0F));
            }
            if (alpha > 0) {
                into[0] = code(from[2] / alpha);
                into[1] = code(from[1] / alpha);
                into[2] = code(from[0] / alpha);
            } else {
                into[0] = beneath.b;
                into[1] = beneath.g;
                into[2] = beneath.r;
            }
        }
    }
    return result;
}

} // namespace atelier::prepare
