// SPDX-License-Identifier: Apache-2.0
#include "latent/render_settings.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>

#include "base/error.h"
#include "latent/walk.h"

namespace atelier {
namespace {

constexpr std::size_t most_layers = 22; // of a 4096 px model

float line(float a, float b, double t) {
    return a == b ? a : static_cast<float>((1 - t) * a + t * b); // equal ends must not be rounded apart
}

std::vector<float> psi_by_layer(const RenderSettings& settings) {
    std::vector<float> psi = settings.layer_psi;
    if (psi.empty()) {
        const std::size_t end = settings.cutoff < 0 ? most_layers : static_cast<std::size_t>(settings.cutoff);
        psi.assign(std::min(end, most_layers), static_cast<float>(settings.psi));
    }
    psi.resize(most_layers, 1.0F);
    return psi;
}

void move_psi(const RenderSettings& a, const RenderSettings& b, double t, RenderSettings& out) {
    if (a.layer_psi.empty() && b.layer_psi.empty() && a.cutoff == b.cutoff) {
        out.psi = a.psi == b.psi ? a.psi : (1 - t) * a.psi + t * b.psi;
        out.cutoff = a.cutoff;
        return;
    }
    const std::vector<float> from = psi_by_layer(a);
    const std::vector<float> to = psi_by_layer(b);
    out.layer_psi.resize(most_layers);
    for (std::size_t i = 0; i < most_layers; ++i) {
        out.layer_psi[i] = line(from[i], to[i], t);
    }
}

LatentBlend source_of(const LayerMix& mix) {
    return mix.source.empty() ? LatentBlend{{.seed_a = mix.seed, .seed_b = mix.seed}} : mix.source;
}

LayerMix mix_between(const LayerMix& a, const LayerMix& b, double t) {
    LayerMix out = b.weight > 0 ? b : a; // a source of no weight isn't heard: the other one's stands for both
    out.weight = line(a.weight, b.weight, t);
    if (a.weight > 0 && b.weight > 0 && (a.seed != b.seed || a.source != b.source)) {
        out.source = blend(source_of(a), source_of(b), t);
    }
    return out;
}

void move_mix(const RenderSettings& a, const RenderSettings& b, double t, RenderSettings& out) {
    const auto at = [](const RenderSettings& settings, std::size_t i) {
        return i < settings.mix.size() ? settings.mix[i] : LayerMix{};
    };
    for (std::size_t i = 0; i < std::max(a.mix.size(), b.mix.size()); ++i) {
        out.mix.push_back(mix_between(at(a, i), at(b, i), t));
    }
}

// The same direction over the same layers, whatever the amount.
bool same_slider(const DirectionAmount& a, const DirectionAmount& b) {
    return a.method == b.method && a.index == b.index && a.first == b.first && a.last == b.last;
}

void move_directions(const RenderSettings& a, const RenderSettings& b, double t, RenderSettings& out) {
    const auto amount_in = [](const RenderSettings& settings, const DirectionAmount& which) {
        float sum = 0;
        for (const DirectionAmount& each : settings.directions) {
            sum += same_slider(each, which) ? each.amount : 0;
        }
        return sum;
    };
    for (const RenderSettings* settings : {&a, &b}) {
        for (DirectionAmount each : settings->directions) {
            const auto known = [&each](const DirectionAmount& other) { return same_slider(each, other); };
            if (std::none_of(out.directions.begin(), out.directions.end(), known)) {
                each.amount = line(amount_in(a, each), amount_in(b, each), t);
                out.directions.push_back(each);
            }
        }
    }
}

void move_noise(const RenderSettings& a, const RenderSettings& b, double t, RenderSettings& out) {
    // No noise is noise of no strength, of the other side's kind.
    const auto strength = [](const RenderSettings& settings) {
        return settings.noise == NoiseMode::none ? 0.0F : settings.noise_strength;
    };
    const RenderSettings& kind = a.noise == NoiseMode::none || (b.noise != NoiseMode::none && t >= 0.5) ? b : a;
    out.noise = kind.noise;
    out.noise_strength = kind.noise == NoiseMode::none ? 1.0F : line(strength(a), strength(b), t);
    const auto layer = [](const RenderSettings& settings, std::size_t i) {
        return i < settings.layer_noise.size() ? settings.layer_noise[i] : 1.0F;
    };
    for (std::size_t i = 0; i < std::max(a.layer_noise.size(), b.layer_noise.size()); ++i) {
        out.layer_noise.push_back(line(layer(a, i), layer(b, i), t));
    }
}

// FNV-1a over 64-bit words.
class Hash {
public:
    template <class T> void add(T value) {
        std::uint64_t word = 0;
        static_assert(sizeof(T) <= sizeof word);
        std::memcpy(&word, &value, sizeof value);
        value_ = (value_ ^ word) * 0x100000001b3U;
        value_ ^= value_ >> 29U;
    }
    void add(const LatentBlend& blend) {
        add(blend.size());
        for (const LatentTerm& term : blend) {
            add(term.seed_a);
            add(term.seed_b);
            add(term.t);
            add(term.weight);
            if (term.fixed) {
                add(static_cast<int>(term.fixed->space));
                add(term.fixed->values);
            }
            add(term.class_index);
            if (term.label) {
                add(term.label->values);
            }
        }
    }
    void add(const std::vector<float>& numbers) {
        std::for_each(numbers.begin(), numbers.end(), [this](float v) { add(v); });
    }
    std::uint64_t value() const { return value_; }

private:
    std::uint64_t value_ = 0xcbf29ce484222325U;
};

// The settings with their class in every latent, which then stands for itself.
RenderSettings with_own_class(RenderSettings settings) {
    settings.latent = of_class(std::move(settings.latent), settings);
    for (LayerMix& each : settings.mix) {
        if (each.weight > 0) {
            each.source = of_class(source_of(each), settings);
        }
    }
    return settings;
}

} // namespace

bool same_class(const PictureSettings& a, const PictureSettings& b) {
    return a.class_index == b.class_index && a.label == b.label;
}

std::uint64_t hash_of(const RenderSettings& settings) {
    // By name, all of them: a field more doesn't compile until it counts here.
    const auto& [psi, cutoff, layer_psi, mix, noise, noise_strength, layer_noise, class_index, label] =
        static_cast<const PictureSettings&>(settings);
    Hash hash;
    hash.add(settings.latent);
    hash.add(psi);
    hash.add(cutoff);
    for (const float each : layer_psi) {
        hash.add(each);
    }
    for (const LayerMix& each : mix) {
        hash.add(each.weight);
        hash.add(each.seed);
        hash.add(each.source);
    }
    for (const DirectionAmount& each : settings.directions) {
        hash.add(std::hash<std::string>()(each.method));
        hash.add(each.index);
        hash.add(each.amount);
        hash.add(each.first);
        hash.add(each.last);
    }
    hash.add(static_cast<int>(noise));
    hash.add(noise_strength);
    for (const float each : layer_noise) {
        hash.add(each);
    }
    hash.add(class_index);
    if (label) {
        hash.add(label->values);
    }
    return hash.value();
}

RenderSettings between(const RenderSettings& a, const RenderSettings& b, double t) {
    if (std::isnan(t)) {
        fail("A place between two looks must be a number from 0 to 1.");
    }
    if (t <= 0) {
        return a;
    }
    if (t >= 1) {
        return b;
    }
    if (same_class(a, b)) {
        return between(a, b, t, blend(a.latent, b.latent, t));
    }
    const RenderSettings from = with_own_class(a), to = with_own_class(b);
    return between(from, to, t, blend(from.latent, to.latent, t));
}

RenderSettings between(const RenderSettings& a, const RenderSettings& b, double t, LatentBlend latent) {
    t = std::clamp(t, 0.0, 1.0);
    RenderSettings out;
    out.latent = std::move(latent);
    move_psi(a, b, t, out);
    same_class(a, b) ? move_mix(a, b, t, out) : move_mix(with_own_class(a), with_own_class(b), t, out);
    move_directions(a, b, t, out);
    move_noise(a, b, t, out);
    const RenderSettings& nearer = t < 0.5 ? a : b;
    out.class_index = nearer.class_index;
    out.label = nearer.label;
    return out;
}

} // namespace atelier
