// SPDX-License-Identifier: Apache-2.0
#include "ui/synthetic_dataset_service.h"

#include <algorithm>

#include <fmt/format.h>

namespace atelier::testing {
using namespace studio;
using prepare::Override;
using prepare::Reason;

void SyntheticData::begin(const DataWork& work) {
    begun.push_back(work);
    cut_ = work.cut;
    looked_ = 0;
    status_ = {};
    if (work.inputs.empty())
        return;
    status_.state = DataState::working;
    status_.total = static_cast<std::size_t>(total);
}

void SyntheticData::choose(const DataChoices& choices) {
    chosen.push_back(choices);
    choices_ = choices;
    judge();
}

void SyntheticData::stop() {
    ++stops;
    if (status_.state == DataState::writing) {
        end_writing("Given up; nothing was written.");
    } else if (status_.state == DataState::working) {
        status_.state = DataState::stopped;
    }
}

void SyntheticData::write(const std::filesystem::path& set) {
    written.push_back(set);
    status_.state = DataState::writing;
    status_.to_write = status_.view->kept;
}

void SyntheticData::end_writing(const std::string& trouble) {
    status_.state = DataState::ready;
    ++status_.sets;
    status_.set = trouble.empty() ? written.back().string() : "";
    status_.message = trouble;
}

void SyntheticData::fail(const std::string& sentence) {
    status_.state = DataState::failed;
    status_.message = sentence;
}

prepare::Thresholds SyntheticData::standard_limits(const prepare::CutOptions& cut) const {
    prepare::Thresholds limits;
    limits.source = cut.size / 2.0;
    limits.sharpness = cut.mode == prepare::Mode::faces ? 0.4 : 0.3;
    return limits;
}

void SyntheticData::look(int count) {
    looked_ = std::min(total, looked_ + count);
    status_.done = static_cast<std::size_t>(looked_);
    status_.seconds_left = total - looked_;
    if (looked_ == total)
        status_.state = DataState::ready;
    judge();
}

void SyntheticData::judge() {
    if (status_.total == 0)
        return;
    auto view = std::make_shared<DataView>();
    for (int i = 0; i < looked_; ++i) {
        DataItem item;
        item.id = static_cast<std::uint64_t>(i) + 1;
        item.picture = item.id * 100 + static_cast<std::uint64_t>(cut_.size);
        item.name = fmt::format("in/picture {:02}.png", (i * 7) % total);
        item.cut = i != total - 1;
        item.width = item.cut ? 200 : 0;
        item.height = item.cut ? 100 : 0;
        item.automatic = {{{0.25, 0}, {0.75, 0}, {0.75, 1}, {0.25, 1}}};
        const auto crop = choices_.crops.find(item.id);
        item.corners = crop == choices_.crops.end() ? item.automatic : changed_crop(item.automatic, crop->second);
        const double sharpness = static_cast<double>(i) / total;
        item.scores[static_cast<std::size_t>(Score::sharpness)] = sharpness;
        const auto request = choices_.overrides.find(item.id);
        item.request = request == choices_.overrides.end() ? Override::none : request->second;
        item.kept = item.cut && item.request != Override::drop &&
                    (item.request == Override::keep || sharpness >= choices_.limits.sharpness);
        item.reason = item.kept                        ? Reason::kept
                      : !item.cut                      ? Reason::unreadable
                      : item.request == Override::drop ? Reason::by_hand
                                                       : Reason::unsharp;
        item.words = item.kept ? "" : item.cut ? "is not sharp" : "is a damaged picture";
        view->kept += item.kept ? 1 : 0;
        view->items.push_back(std::move(item));
    }
    for (const Reason reason : {Reason::unreadable, Reason::by_hand, Reason::unsharp}) {
        const auto count = std::ranges::count(view->items, reason, &DataItem::reason);
        const char* text = reason == Reason::unreadable ? "unreadable"
                           : reason == Reason::by_hand  ? "by hand"
                                                        : "not sharp";
        if (count > 0)
            view->left_out.push_back({reason, text, static_cast<std::size_t>(count)});
    }
    if (view->kept == 0 && looked_ == total)
        view->offer = prepare::LimitOffer{{{"min-sharpness", 0.5}}, 6, 12, "Sharpness 0.50 keeps 6 of 12"};
    view->order = sorted_order(view->items, choices_);
    view->choices = chosen.size();
    status_.view = view;
}

void SyntheticData::request_pictures(std::vector<DatasetPictureRequest> settings) {
    requests.push_back(settings);
    wanted_ = std::move(settings);
}

std::vector<DataPicture> SyntheticData::take_pictures() {
    std::vector<DataPicture> pictures;
    if (slow && !std::exchange(give_, false))
        return pictures;
    for (const DatasetPictureRequest& request : wanted_) {
        const bool broken = request.id == static_cast<std::uint64_t>(total);
        PixelBuffer pixels{broken ? 0 : 8, broken ? 0 : 8, {}};
        pixels.rgba.resize(broken ? 0 : 8 * 8 * 4, 128);
        pictures.push_back({request, std::move(pixels)});
    }
    wanted_.clear();
    return pictures;
}

} // namespace atelier::testing
