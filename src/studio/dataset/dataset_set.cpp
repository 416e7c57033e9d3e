// SPDX-License-Identifier: Apache-2.0
// The Data tab's set: where it goes, writing it, training on it.
#include "base/disk_space.h"
#include "studio/core/context.h"
#include "studio/dataset/dataset_controller.h"
#include <algorithm>
#include <bit>
#include <fmt/format.h>
#include <string_view>

namespace atelier::studio {
namespace fs = std::filesystem;

void DatasetController::propose_target() {
    proposes_ = target.empty();
    ++proposal_;
}

std::optional<std::string> DatasetController::obstacle() {
    if (status_.state == DataState::finding || status_.state == DataState::working)
        return "The pictures are still being looked at.";
    if (view().kept == 0)
        return "No picture is kept; lower the limits, or keep some by hand.";
    const auto look = [](const auto& at) {
        try {
            return why_no_set(at.first, at.second);
        } catch (const std::exception& error) {
            return message_of(error);
        }
    };
    const std::string* why = disk_.ask({target, inputs_}, look);
    return why ? std::optional(*why) : std::nullopt;
}

void DatasetController::write() {
    if (!source_ || status_.busy() || view().kept == 0)
        return;
    source_->write(target);
}

void DatasetController::follow_sets(const DataStatus& before) {
    if (status_.state == DataState::failed && before.state != DataState::failed)
        context.toasts.add(ToastKind::bad, "The pictures can't be prepared", status_.message);
    if (status_.sets == before.sets)
        return;
    if (status_.set.empty()) {
        context.toasts.add(ToastKind::bad, "The set was not written", status_.message);
        return;
    }
    target.clear(); // another one gets another name
    const std::string set = status_.set;
    const std::size_t kept = view().kept;
    ToastAction action;
    if (context.commands.train_on) {
        action = {"Train on it", "Goes to the Train panel with this set",
                  [this, set] { context.commands.train_on(set); }};
    }
    context.toasts.add(ToastKind::good,
                       fmt::format("A set of {} {} is written", kept, kept == 1 ? "picture" : "pictures"),
                       set + (status_.message.empty() ? "" : "\n" + status_.message), std::move(action));
}

void DatasetController::train_on_it() {
    if (!status_.set.empty() && context.commands.train_on)
        context.commands.train_on(status_.set);
}

} // namespace atelier::studio
