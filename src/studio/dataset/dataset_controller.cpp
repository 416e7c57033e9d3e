// SPDX-License-Identifier: Apache-2.0
#include "studio/dataset/dataset_controller.h"

#include <algorithm>
#include <bit>
#include <string_view>

#include <fmt/format.h>

#include "base/disk_space.h"
#include "base/network_shape.h"
#include "studio/core/context.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

fs::path plain_path(const fs::path& path) {
    std::error_code error;
    fs::path plain = fs::absolute(path, error).lexically_normal();
    return plain.has_filename() ? plain : plain.parent_path();
}

} // namespace

DatasetController::DatasetController(StudioContext& context, std::unique_ptr<DatasetService> source, ImageMaker images,
                                     fs::path choices)
    : context(context), source_(std::move(source)), pictures_(std::move(images)), choice_store_(std::move(choices)) {}

DatasetController::~DatasetController() = default;

void DatasetController::look_for_left_work() {
    if (source_ && !context.settings.work_folders.empty())
        looking_back_.start(
            [folders = context.settings.work_folders](const auto&, const auto&) { return find_left_work(folders); });
}

bool DatasetController::follow_left_work() {
    while (removing_.take()) {
    }
    const auto outcome = looking_back_.take_outcome();
    if (!outcome || !outcome->result)
        return false;
    const std::vector<LeftWork> left = *outcome->result;
    std::vector<std::string>& known = context.settings.work_folders;
    std::erase_if(known, [&](const std::string& folder) {
        return folder != work_folder_.string() &&
               std::ranges::none_of(left, [&](const LeftWork& each) { return each.folder == folder; });
    });
    if (left.empty())
        return false;
    const bool one = left.size() == 1;
    double bytes = 0;
    for (const LeftWork& each : left)
        bytes += static_cast<double>(each.bytes);
    context.toasts.add(
        ToastKind::note,
        one ? "A set was begun and not written" : fmt::format("{} sets were begun and not written", left.size()),
        fmt::format("{} of what was looked at {} kept in {}. Add the same pictures to go on.", bytes_text(bytes),
                    one ? "is" : "are", one ? left[0].folder.string() : left[0].folder.string() + " and elsewhere"),
        {one ? "Remove it" : "Remove them", "What was looked at goes; the pictures themselves stay", [this, left] {
             removing_.add([left] {
                 remove_left_work(left);
                 return Nothing();
             });
         }});
    return true;
}

void DatasetController::finish() {
    removing_.wait();
    choice_store_.finish();
    source_.reset();
    pictures_.clear();
}

const DataView& DatasetController::view() const {
    static const DataView nothing;
    return status_.view ? *status_.view : nothing;
}

// --- the pictures

void DatasetController::add(const std::vector<fs::path>& inputs) {
    if (!source_ || inputs.empty())
        return;
    if (status_.state == DataState::writing) {
        context.toasts.add(ToastKind::note, "The set is being written", "Pictures can be added when it is done.");
        return;
    }
    for (const fs::path& input : inputs) {
        const fs::path path = plain_path(input);
        if (std::ranges::find(inputs_, path) == inputs_.end())
            inputs_.push_back(path);
    }
    placed_ = false;
    target.clear();
}

// Where what is done so far is kept: told by how the disk looks, on another thread.
bool DatasetController::follow_place() {
    bool changed = false;
    if (!placed_ && !inputs_.empty()) {
        const auto find = [](const auto& inputs) { return work_folder_of(inputs, standard_sets_folder()); };
        if (const fs::path* folder = placing_.ask(inputs_, find, 0)) {
            placed_ = changed = true;
            work_folder_ = *folder;
            choice_store_.open(work_folder_.string());
        }
    }
    if (proposes_) {
        const auto find = [](const auto& of) { return propose_set(of.second, standard_sets_folder()).string(); };
        if (const std::string* proposed = proposing_.ask({proposal_, inputs_}, find, 0)) {
            proposes_ = false;
            changed = true;
            target = target.empty() ? *proposed : target;
        }
    }
    return changed;
}

void DatasetController::restore(const std::vector<fs::path>& inputs) {
    if (inputs.empty() || inputs == inputs_ || status_.state == DataState::writing)
        return;
    clear();
    add(inputs);
}

void DatasetController::clear() {
    if (!source_ || status_.state == DataState::writing)
        return;
    inputs_.clear();
    placed_ = true;
    choice_store_.open({});
    choices_.overrides.clear();
    choices_.crops.clear();
    choices_changed_ = true;
    ++choices_of_;
    target.clear();
    large = false;
}

void DatasetController::stop() {
    if (source_ && status_.busy())
        source_->stop();
}

void DatasetController::go_on() {
    if (source_ && !status_.busy() && !inputs_.empty())
        begun_ = {}; // the same again, most of which is done
}

bool DatasetController::standing() const {
    return source_ != nullptr && !status_.busy();
}

DataWork DatasetController::wanted_work() const {
    const DatasetSettings& settings = context.settings.data;
    if (inputs_.empty())
        return {};
    DataWork work{inputs_, settings.cut, settings.every, work_folder_};
    if (settings.cut.mode == prepare::Mode::faces) {
        work.cut.ratio_width = work.cut.ratio_height = work.cut.network_width = work.cut.network_height = 1;
        work.cut.alpha = false;
    }
    return work;
}

bool DatasetController::followed() const {
    return source_ != nullptr && placed_ && choices_told() && view().choices == chosen_ && wanted_work() == begun_;
}

void DatasetController::follow_work() {
    const DataWork work = wanted_work();
    if (work == begun_ || !placed_ || status_.state == DataState::writing)
        return;
    begun_ = work;
    if (!work.inputs.empty()) {
        std::vector<std::string>& known = context.settings.work_folders;
        constexpr std::size_t most = 12;
        std::erase(known, work_folder_.string());
        known.insert(known.begin(), work_folder_.string());
        known.resize(std::min(known.size(), most));
    }
    source_->begin(work);
    status_ = source_->status();
}

// --- choices

prepare::Thresholds DatasetController::standard_limits() const {
    return source_ ? source_->standard_limits(context.settings.data.cut) : prepare::Thresholds();
}

double DatasetController::standard_limit(const LimitSpec& spec) const {
    return standard_limits().*spec.member;
}

prepare::Thresholds DatasetController::limits() const {
    return limits_of(context.settings.data, standard_limits());
}

void DatasetController::take_offer() {
    if (!view().offer)
        return;
    const prepare::LimitOffer offer = *view().offer;
    const prepare::Thresholds standard = standard_limits();
    for (const auto& [id, value] : offer.changes) {
        const auto spec = std::ranges::find(limit_specs(), std::string_view(id),
                                            [](const LimitSpec& each) { return std::string_view(each.id); });
        if (spec != limit_specs().end())
            set_limit(spec->id, value, standard.*spec->member);
    }
}

// Until somebody chooses a size, a set is as large as the pictures of the model that plays.
void DatasetController::follow_model() {
    DatasetSettings& settings = context.settings.data;
    const ModelInfo* model = context.playback.model();
    if (settings.size_chosen || !inputs_.empty() || !model)
        return;
    const int side =
        static_cast<int>(std::bit_floor(static_cast<unsigned>(std::max({1, model->width, model->height}))));
    settings.cut.size = std::clamp(side, set_sides.front(), set_sides.back());
}

void DatasetController::set_limit(const char* id, double value, double standard) {
    LimitChanges& changes = context.settings.data.changes();
    if (value == standard) {
        changes.erase(id);
    } else {
        changes[id] = value;
    }
}

void DatasetController::request(std::uint64_t id, prepare::Override request) {
    if (status_.state == DataState::writing)
        return;
    if (request == prepare::Override::none) {
        choices_.overrides.erase(id);
    } else {
        choices_.overrides[id] = request;
    }
    choices_changed_ = true;
}

void DatasetController::toggle(const DataItem& item) {
    using prepare::Override;
    if (!item.cut) {
        context.toasts.add(ToastKind::note, item.name + " can't be kept", "It " + item.words + ".");
    } else if (choices_.overrides.contains(item.id)) {
        request(item.id, Override::none);
    } else {
        request(item.id, item.kept ? Override::drop : Override::keep);
    }
}

void DatasetController::forget_requests() {
    if (status_.state == DataState::writing)
        return;
    choices_.overrides.clear();
    choices_.crops.clear();
    choices_changed_ = true;
}

void DatasetController::put_choices(const HandChoices& choices) {
    if (!standing())
        return;
    static_cast<HandChoices&>(choices_) = choices;
    choices_changed_ = true;
}

void DatasetController::sort_by(DataSort sort, Score score, bool reverse) {
    choices_.sort = sort;
    choices_.score = score;
    choices_.reverse = reverse;
    choices_changed_ = true;
    follow = true;
}

bool DatasetController::choices_told() const {
    return !choices_changed_ && limits() == choices_.limits && context.settings.data.labels == choices_.labels;
}

void DatasetController::follow_choices() {
    if (choices_told())
        return;
    choices_.limits = limits();
    choices_.labels = context.settings.data.labels;
    choices_changed_ = false;
    ++chosen_;
    source_->choose(choices_);
}

void DatasetController::follow_kept_choices(double seconds) {
    if (const auto kept = choice_store_.take()) {
        choices_.join(*kept);
        ++choices_of_;
        choices_changed_ = true;
        const std::size_t count = by_hand();
        context.toasts.add(
            ToastKind::note,
            count == 1 ? "One choice made by hand is back" : fmt::format("{} choices made by hand are back", count), "",
            {"Undo all choices", "All pictures as the limits say, and all crops as they were",
             [this] { forget_requests(); }});
    }
    choice_store_.tick(choices_, seconds);
    if (const std::string error = choice_store_.take_error(); !error.empty())
        context.toasts.add(ToastKind::bad, "Choices made by hand are not kept", error);
}

// --- the selected picture

int DatasetController::place() const {
    const DataView& all = view();
    for (std::size_t i = 0; i < all.order.size(); ++i) {
        if (all.items[all.order[i]].id == selected_)
            return static_cast<int>(i);
    }
    return -1;
}

const DataItem* DatasetController::selected() const {
    const auto& items = view().items;
    const auto found = std::ranges::find(items, selected_, &DataItem::id);
    return found == items.end() ? nullptr : &*found;
}

void DatasetController::step(int by) {
    const DataView& all = view();
    const int count = static_cast<int>(all.order.size()), now = place();
    if (count == 0)
        return;
    const int next = now < 0 ? 0 : now + by;
    if (next < 0 || next >= count) // no row above or below: it stays in its column
        return;
    select(all.items[all.order[static_cast<std::size_t>(next)]]);
    follow = true;
}

CropChange DatasetController::crop_of(std::uint64_t id) const {
    const auto found = choices_.crops.find(id);
    return found == choices_.crops.end() ? CropChange() : found->second;
}

void DatasetController::move_crop(const DataItem& item, const CropChange& change) {
    if (!item.cut || status_.state == DataState::writing)
        return;
    choices_.crops[item.id] = kept_inside(item.automatic, change, item.width, item.height);
    choices_changed_ = true;
}

void DatasetController::reset_crop(std::uint64_t id) {
    choices_changed_ = choices_.crops.erase(id) > 0 || choices_changed_;
}

bool DatasetController::busy() const {
    return !placed_ || proposes_ || pictures_.waiting();
}

bool DatasetController::tick(double seconds) {
    if (!source_)
        return false;
    const DataStatus before = std::exchange(status_, source_->status());
    follow_sets(before);
    const bool told = follow_left_work();
    const bool placed = follow_place();
    follow_model();
    follow_work();
    follow_kept_choices(seconds);
    follow_choices();
    const bool pictures = pictures_.tick(*source_, status_.view.get());
    const bool moving = status_.state == DataState::finding;
    return told || placed || pictures || moving || status_.view != before.view || status_.state != before.state ||
           status_.done != before.done || status_.written != before.written;
}

} // namespace atelier::studio
