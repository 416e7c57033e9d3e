// SPDX-License-Identifier: Apache-2.0
// RenderParams: everything that decides a picture, as one plain comparable value. Panels write it, the engine reads it.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace atelier {

enum class Space { w, z };
// How a walk passes its keyframes. linear and smooth (3t^2 - 2t^3) shape the time inside a segment;
// cubic is a C2 spline through all keyframes' w (closed when the walk loops), so it needs Space::w.
enum class Ease { linear, smooth, cubic };
enum class WalkKind { seeds, random };
enum class NoiseMode { constant, random, none };
// Of NoiseMode::random. counter: ops/seeded_noise.h. mersenne: what performances of before version 3 were played with.
enum class NoiseNumbers { counter, mersenne };
// model: the viewer's choice - on a GPU as the file says (its fp16 resolutions in half precision), on the CPU the
// faster of fp32 and bf16, measured once. The others are orders: fp16 needs a GPU, bf16 is for the CPU.
enum class Precision { model, fp32, bf16, fp16 };

// A vector that no seed gives: a latent from a file, a direction. Immutable once shared.
struct ExplicitLatent {
    Space space = Space::w;
    int layers = 1;            // 1: the same for all w layers; more (w+, Space::w only): one row for each of num_ws
    std::vector<float> values; // layers rows of z_dim or w_dim numbers
    bool operator==(const ExplicitLatent&) const = default;
};
// Compares what it points to, so that params stay plain values.
struct ExplicitRef {
    std::shared_ptr<const ExplicitLatent> latent;
    explicit operator bool() const { return latent != nullptr; }
    const ExplicitLatent* operator->() const { return latent.get(); }
    bool operator==(const ExplicitRef& other) const {
        return latent == other.latent || (latent && other.latent && *latent == *other.latent);
    }
};

// One part of a blend in W: weight * mapping(z), z = slerp(z(seed_a), z(seed_b), t). t = 0 is seed_a alone.
struct LatentTerm {
    std::uint32_t seed_a = 0;
    std::uint32_t seed_b = 0;
    double t = 0;        // 0..1
    double weight = 1;   // weights of a blend sum to 1
    ExplicitRef fixed{}; // in place of the seeds
    // Of a conditional model: the class, or all c_dim numbers of a label in its place; -1 and none: the picture's.
    int class_index = -1;
    ExplicitRef label{};
    bool operator==(const LatentTerm&) const = default;
};
// A point in W as a weighted sum of mapped seeds.
using LatentBlend = std::vector<LatentTerm>;

// A walk is a pure function of (walk, position); see latent/walk.h.
struct Walk {
    WalkKind kind = WalkKind::seeds;
    Space space = Space::w;
    Ease ease = Ease::smooth;
    bool loop = true;                    // after the last seed comes the first
    std::vector<std::uint32_t> seeds{0}; // keyframes of WalkKind::seeds
    // By keyframe, and no longer than seeds: a latent in place of the seed, where it isn't empty. Ways to and from it
    // lie in W.
    std::vector<LatentBlend> latents{};
    std::uint32_t random_seed = 0; // WalkKind::random: keyframe k is a hash of (random_seed, k)
    bool operator==(const Walk&) const = default;
};

// A hand-steered seed map: node (0,0) is `home`, every other integer node a seed of its own; between nodes
// the four neighbours are blended bilinearly in W.
struct Explore {
    bool on = false;
    LatentBlend home;
    double x = 0; // in nodes
    double y = 0;
    std::uint32_t map_seed = 0;
    bool operator==(const Explore&) const = default;
};

// One w layer's share of a mix source: w[layer] = lerp(base, source, weight).
struct LayerMix {
    float weight = 0; // 0..1; 0 is off
    std::uint32_t seed = 0;
    LatentBlend source{}; // in place of the seed when not empty
    bool operator==(const LayerMix&) const = default;
};

// w[layer] += amount * vector for layers [first, last), after truncation and mixing, as in SeFa (2007.06600) and
// GANSpace (2004.02546).
struct DirectionShift {
    ExplicitRef vector; // w_dim numbers
    float amount = 0;
    int first = 0;
    int last = 1 << 20;
    bool operator==(const DirectionShift&) const = default;
};

// What is done with a latent, and to the noise: the part of RenderParams that looks the same wherever the latent comes
// from.
struct PictureSettings {
    double psi = 1;               // truncation, eq. w' = w_avg + psi (w - w_avg), StyleGAN (1812.04948) appendix B
    int cutoff = -1;              // only w layers below it are truncated; -1: all
    std::vector<float> layer_psi; // by w layer, in place of psi and cutoff when not empty; layers beyond its end: 1
    std::vector<LayerMix> mix;    // by w layer; layers beyond its end are not mixed
    NoiseMode noise = NoiseMode::constant;
    float noise_strength = 1;       // multiplies every layer's learned strength; 0..2
    std::vector<float> layer_noise; // multiplies it once more, by the w layer of each convolution; beyond its end: 1
    int class_index = 0;            // conditional models only
    ExplicitRef label{};            // all c_dim numbers of a label, in place of the class
    bool operator==(const PictureSettings&) const = default;
};

struct RenderParams : PictureSettings {
    std::uint64_t model = 0; // ticket of Engine::load
    Walk walk;
    double position = 0; // on the walk, in keyframes
    Explore explore;     // replaces the walk while on
    LatentBlend glide_from;
    double glide = 1; // 0 shows glide_from, 1 the walk (or wander); lerp in W between
    std::vector<DirectionShift> directions;
    std::uint32_t noise_seed = 0; // NoiseMode::random only; counted up per frame by the UI
    NoiseNumbers noise_numbers = NoiseNumbers::counter;
    Precision precision = Precision::model;
    bool operator==(const RenderParams&) const = default;
};

} // namespace atelier
