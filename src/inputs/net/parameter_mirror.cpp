// SPDX-License-Identifier: Apache-2.0
#include "inputs/net/parameter_mirror.h"

#include <algorithm>
#include <cmath>

namespace atelier::net {

std::string osc_path_of(std::string_view id) {
    std::string path = "/" + std::string(id);
    for (char& c : path) {
        if (c == '.')
            c = '/';
        else if (c <= ' ' || c > '~' || std::string_view("#*,?[]{}").find(c) != std::string_view::npos)
            c = '~';
    }
    return path;
}

ParameterTable::ParameterTable(std::vector<MirroredParameter> all) : all_(std::move(all)) {
    for (std::size_t i = 0; i < all_.size(); ++i) {
        paths_.push_back(osc_path_of(all_[i].id));
        by_address_.emplace(paths_[i], i);
        by_address_.emplace("/" + all_[i].id, i);
    }
    // After all paths: a verb never hides a parameter.
    for (std::size_t i = 0; i < all_.size(); ++i) {
        const std::size_t slash = paths_[i].find('/', 1);
        if (all_[i].kind == ParameterKind::trigger && slash != std::string::npos)
            by_address_.emplace("/atelier" + paths_[i].substr(slash), i);
    }
}

std::optional<std::size_t> ParameterTable::find(std::string_view address) const {
    const auto found = by_address_.find(std::string(address));
    return found == by_address_.end() ? std::nullopt : std::optional(found->second);
}

ParameterMirror::ParameterMirror() : table_(std::make_shared<ParameterTable>(std::vector<MirroredParameter>())) {}

void ParameterMirror::describe(std::vector<MirroredParameter> all, std::vector<double> values) {
    for (std::size_t i = values.size(); i < all.size(); ++i)
        values.push_back(all[i].standard);
    values.resize(all.size());
    auto table = std::make_shared<const ParameterTable>(std::move(all));
    const std::lock_guard lock(mutex_);
    table_.swap(table);
    values_.swap(values);
    ++changes_;
}

void ParameterMirror::tell(std::span<const double> values) {
    const std::lock_guard lock(mutex_);
    if (values.size() != values_.size() || std::ranges::equal(values, values_))
        return;
    std::ranges::copy(values, values_.begin());
    ++changes_;
}

std::vector<RemoteChange> ParameterMirror::take() {
    std::vector<Waiting> taken;
    {
        const std::lock_guard lock(mutex_);
        taken.swap(waiting_);
        place_of_.clear();
    }
    std::ranges::sort(taken, {}, &Waiting::last);
    std::vector<RemoteChange> out;
    for (Waiting& each : taken)
        out.push_back(std::move(each.change));
    return out;
}

ParameterMirror::View ParameterMirror::view() const {
    const std::lock_guard lock(mutex_);
    return {table_, values_, changes_};
}

std::shared_ptr<const ParameterTable> ParameterMirror::table() const {
    const std::lock_guard lock(mutex_);
    return table_;
}

SetResult ParameterMirror::set(const ParameterTable& table, std::size_t index, double value) {
    const MirroredParameter& what = table.all()[index];
    const bool trigger = what.kind == ParameterKind::trigger;
    if (closed_ || !what.open || what.fact)
        return SetResult::closed;
    if (!trigger && !std::isfinite(value))
        return SetResult::not_finite;
    double inside = trigger ? 0 : std::clamp(value, what.min, what.max);
    const bool clamped = !trigger && inside != value;
    if (what.kind == ParameterKind::whole || what.kind == ParameterKind::choice)
        inside = std::clamp(std::round(inside), what.min, what.max);
    else if (what.kind == ParameterKind::toggle)
        inside = inside >= 0.5 ? 1 : 0;
    const std::lock_guard lock(mutex_);
    const auto [found, is_new] = place_of_.try_emplace(what.id, waiting_.size());
    if (is_new)
        waiting_.push_back({{what.id}});
    Waiting& mine = waiting_[found->second];
    mine.last = ++asked_;
    if (trigger) {
        if (mine.change.pulls == most_pulls)
            return SetResult::full;
        ++mine.change.pulls;
    } else {
        mine.change.value = inside;
    }
    return clamped ? SetResult::clamped : SetResult::taken;
}

} // namespace atelier::net
