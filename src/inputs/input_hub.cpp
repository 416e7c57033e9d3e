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

void InputHub::on_news(std::function<void()> told) {
    const std::lock_guard lock(telling_);
    on_news_ = std::move(told);
}

void InputHub::tell() {
    if (told_.exchange(true))
        return;
    const std::lock_guard lock(telling_);
    if (on_news_)
        on_news_();
}

template <class Change> void InputHub::change(std::string_view source, double value, const Change& change) {
    {
        const std::lock_guard lock(mutex_);
        SourceReading* each = std::isfinite(value) ? reading(source) : nullptr;
        if (!std::isfinite(value))
            ++refused_;
        if (!each)
            return;
        change(*each, std::clamp(value, 0.0, 1.0));
        each->moved = true;
    }
    tell();
}

void InputHub::set(std::string_view source, double value) {
    change(source, value, [](SourceReading& each, double to) {
        const bool down = to > 0.5;
        if (down && !each.down) // a button that sends 0 and 1 is a trigger, too
            each.hits = std::min(each.hits + 1, most_hits);
        each.down = down;
        each.strength = each.value = to;
    });
}

void InputHub::hit(std::string_view source, double strength) {
    change(source, strength, [](SourceReading& each, double to) {
        each.hits = std::min(each.hits + 1, most_hits);
        each.strength = each.value = to;
        each.down = true;
    });
}

void InputHub::release(std::string_view source) {
    change(source, 0, [](SourceReading& each, double to) {
        each.value = to;
        each.down = false;
    });
}

void InputHub::let_go(std::string_view source) {
    change(source, 0, [](SourceReading& each, double) { each.down = false; });
}

std::vector<SourceReading> InputHub::take() {
    told_ = false;
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
