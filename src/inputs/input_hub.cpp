// SPDX-License-Identifier: Apache-2.0
#include "inputs/input_hub.h"

#include <algorithm>
#include <cmath>

namespace atelier::inputs {

SourceReading* InputHub::reading(std::string_view source) {
    const auto found = sources_.find(source);
    if (found != sources_.end())
        return &found->second;
    if (sources_.size() >= most_sources) {
        ++refused_;
        return nullptr;
    }
    SourceReading fresh;
    fresh.source = source;
    return &sources_.emplace(std::string(source), std::move(fresh)).first->second;
}

void InputHub::set(std::string_view source, double value) {
    const std::lock_guard lock(mutex_);
    if (!std::isfinite(value)) {
        ++refused_;
        return;
    }
    SourceReading* each = reading(source);
    if (!each)
        return;
    each->value = std::clamp(value, 0.0, 1.0);
    each->moved = true;
    const bool down = each->value > 0.5;
    if (down && !each->down) // a button that sends 0 and 1 is a trigger, too
        each->hits = std::min(each->hits + 1, most_hits);
    each->down = down;
    each->strength = each->value;
}

void InputHub::hit(std::string_view source, double strength) {
    const std::lock_guard lock(mutex_);
    if (!std::isfinite(strength)) {
        ++refused_;
        return;
    }
    SourceReading* each = reading(source);
    if (!each)
        return;
    each->hits = std::min(each->hits + 1, most_hits);
    each->strength = each->value = std::clamp(strength, 0.0, 1.0);
    each->down = each->moved = true;
}

void InputHub::release(std::string_view source) {
    const std::lock_guard lock(mutex_);
    SourceReading* each = reading(source);
    if (!each)
        return;
    each->value = 0;
    each->down = false;
    each->moved = true;
}

std::vector<SourceReading> InputHub::take() {
    const std::lock_guard lock(mutex_);
    std::vector<SourceReading> news;
    for (auto& [name, each] : sources_) {
        if (!each.moved && each.hits == 0)
            continue;
        news.push_back(each);
        each.moved = false;
        each.hits = 0;
    }
    return news;
}

std::uint64_t InputHub::refused() const {
    const std::lock_guard lock(mutex_);
    return refused_;
}

} // namespace atelier::inputs
