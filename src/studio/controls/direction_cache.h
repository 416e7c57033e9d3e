// SPDX-License-Identifier: Apache-2.0
// Directions: the directions known of the model that plays, asked for when something needs them. Part of the Studio, in
// the UI thread.
#pragma once

#include <array>
#include <filesystem>
#include <string>

#include "studio/services/render_service.h"
#include "studio/state/animation.h"

namespace atelier::studio {

class Directions {
public:
    // folder: where PCA's results are kept from run to run; empty: nowhere.
    explicit Directions(std::filesystem::path folder) : folder_(std::move(folder)) {}

    // Once a tick. What the state's sliders and moments name is asked for by itself. True if something has changed.
    bool tick(RenderService& source, std::uint64_t model, const StudioState& state);

    void want(DirectionMethod method) { wanted_[index(method)] = true; }
    // It is not asked for again until resume().
    void cancel(RenderService& source, DirectionMethod method);
    bool cancelled(DirectionMethod method) const { return known_[index(method)].cancelled; }
    void resume(DirectionMethod method) { known_[index(method)].cancelled = false; }
    const DirectionStatus& status(DirectionMethod method) const { return known_[index(method)].status; }
    // Some of what the state names are being found: the picture will change by itself.
    bool expected(const StudioState& state) const;
    // Null until it is there.
    const DirectionSet* set(DirectionMethod method) const;

    const std::filesystem::path& folder() const { return folder_; }
    // For PlayContext.
    std::pair<ExplicitRef, float> find(const DirectionAmount& amount) const;

private:
    struct Known {
        DirectionStatus status;
        std::optional<DirectionSet> set;
        bool asked = false;
        bool cancelled = false;
    };
    static std::size_t index(DirectionMethod method) { return static_cast<std::size_t>(method); }

    std::filesystem::path folder_;
    std::array<Known, 2> known_;
    std::array<bool, 2> wanted_{};
    std::uint64_t model_ = 0;
};

// Of a set: the vector of that place and the length of a step of 1 along it.
std::pair<ExplicitRef, float> direction_of(const DirectionSet& set, int index);

} // namespace atelier::studio
