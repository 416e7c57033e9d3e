// SPDX-License-Identifier: Apache-2.0
// A visitor of studio/state/schema.h that gives every field a random value of its range.
#pragma once

#include <random>

#include "studio/state/schema.h"

namespace atelier::studio {

class Scrambler {
public:
    explicit Scrambler(std::uint32_t seed) : random_(seed) {}
    static constexpr bool reading = true;
    std::string where() const { return "scrambled"; }

    int below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }

    void flag(const char*, bool& value) { value = below(2) == 1; }
    void number(const char*, double& value, double min, double max) {
        value = std::uniform_real_distribution<double>(min, std::min(max, min + 1000))(random_);
    }
    void number(const char*, float& value, double min, double max) {
        double wide = 0;
        number("", wide, min, max);
        value = static_cast<float>(wide);
    }
    void whole(const char*, int& value, int min, int max) {
        value = std::uniform_int_distribution<int>(min, max)(random_);
    }
    void count(const char*, std::uint32_t& value) { value = static_cast<std::uint32_t>(random_()); }
    void count(const char*, std::uint64_t& value) { value = (std::uint64_t{random_()} << 32U) | random_(); }
    void text(const char* name, std::string& value) {
        static constexpr const char* targets[] = {"psi", "direction", "mix layer", "mix fine",
                                                  "direction.pca:2#3.amount"};
        value =
            std::string(name) == "target" ? targets[below(5)] : "text \"" + std::to_string(random_()) + "\" \xc3\xa9\n";
    }
    void floats(const char*, std::vector<float>& value, std::size_t) {
        value.resize(static_cast<std::size_t>(1 + below(3)));
        for (float& each : value) {
            number("", each, -3, 3);
        }
    }
    void counts(const char*, std::vector<std::uint32_t>& value, std::size_t least, std::size_t) {
        value.resize(least + static_cast<std::size_t>(below(3)));
        for (std::uint32_t& each : value) {
            count("", each);
        }
    }
    template <class E> void choice(const char*, E& value, Names names) {
        value = static_cast<E>(below(static_cast<int>(names.size())));
    }
    template <class T, class Each> void object(const char* name, T& value, Each each) {
        if (std::string(name) == "wander" || std::string(name) == "place" || std::string(name) == "fixed" ||
            below(4) > 0) {
            each(*this, value);
        }
    }
    template <class Each> void shared(const char*, std::shared_ptr<const ExplicitLatent>& value, Each each) {
        if (below(4) == 0) {
            value.reset();
            return;
        }
        ExplicitLatent latent;
        each(*this, latent);
        value = std::make_shared<const ExplicitLatent>(std::move(latent));
    }
    template <class List, class Each>
    void list(const char* name, List& items, std::size_t least, std::size_t, Each each) {
        if constexpr (requires { items.clear(); }) {
            items.clear();
            items.resize(std::string(name) == "home" ? 2 : least + static_cast<std::size_t>(below(3)));
        }
        for (auto& item : items) {
            each(*this, item);
        }
        if (std::string(name) == "moments" || std::string(name) == "points") {
            in_order(items);
        }
    }

private:
    template <class List> void in_order(List& items) {
        if constexpr (requires { items[0].at; }) {
            for (std::size_t i = 0; i < items.size(); ++i)
                items[i].at = 0.75 * static_cast<double>(i);
        }
        if constexpr (requires { items[0].seconds; }) {
            for (std::size_t i = 0; i < items.size(); ++i) {
                items[i].seconds = 1.5 * static_cast<double>(i);
            }
        }
    }

    std::mt19937 random_;
};

template <class T> T scrambled(std::uint32_t seed) {
    T value;
    Scrambler scrambler(seed);
    fields(scrambler, value);
    return value;
}

} // namespace atelier::studio
