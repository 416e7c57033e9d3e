// SPDX-License-Identifier: Apache-2.0
#include "studio/adapters/job_dataset_service.h"

#include <algorithm>

#include <sys/resource.h>

#include <fmt/format.h>

#include "base/error.h"
#include "base/log.h"
#include "io/atomic_file.h"
#include "io/image.h"
#include "prepare/recut.h"
#include "prepare/report.h"
#include "prepare/set_target.h"
#include "prepare/set_writer.h"
#include "studio/adapters/dataset_items.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

constexpr auto shortest_look = std::chrono::milliseconds(120); // between two views while workers run
constexpr int tile_side = 224;                                 // px; a tile on a screen of twice the density
constexpr int whole_side = 1600;

struct GivenUp {};

// Playing comes first. Linux gives each thread its own niceness, which the job's workers inherit.
void step_back() {
    constexpr int niceness = 10;
    ::setpriority(PRIO_PROCESS, 0, niceness);
}

} // namespace

JobDatasetService::JobDatasetService(int threads)
    : threads_(threads > 0 ? threads : std::max(1, static_cast<int>(std::thread::hardware_concurrency()) - 1)),
      painter_([this](const std::stop_token& end) { paint(end); }),
      control_([this](const std::stop_token& end) { control(end); }) {}

JobDatasetService::~JobDatasetService() {
    ending_ = true; // also for what is being written
    control_.request_stop();
    painter_.request_stop();
    control_.join();
    painter_.join();
    shown_.reset();
    let_go();
}

void JobDatasetService::begin(const DataWork& work) {
    const std::lock_guard lock(mutex_);
    orders_.work = work;
    orders_.stop = false;
    status_.state = work.inputs.empty() ? DataState::empty : DataState::finding;
    status_.message.clear();
    status_.done = status_.total = status_.reused = 0;
    changed_.notify_all();
}

void JobDatasetService::choose(const DataChoices& choices) {
    const std::lock_guard lock(mutex_);
    orders_.choices = choices;
    orders_.number = ++choices_given_;
    changed_.notify_all();
}

void JobDatasetService::stop() {
    const std::lock_guard lock(mutex_);
    stop_writing_ = true;
    orders_.stop = true;
    changed_.notify_all();
}

void JobDatasetService::write(const fs::path& set) {
    const std::lock_guard lock(mutex_);
    if (status_.busy() || status_.state == DataState::empty)
        return;
    orders_.set = set;
    stop_writing_ = false;
    status_.state = DataState::writing;
    status_.message.clear();
    status_.written = 0;
    status_.to_write = status_.view ? status_.view->kept : 0;
    changed_.notify_all();
}

DataStatus JobDatasetService::status() {
    const std::lock_guard lock(mutex_);
    return status_;
}

prepare::Thresholds JobDatasetService::standard_limits(const prepare::CutOptions& cut) const {
    return prepare::default_thresholds(cut);
}

void JobDatasetService::request_pictures(std::vector<DatasetPictureRequest> requests) {
    const std::lock_guard lock(mutex_);
    requests_ = std::move(requests);
    changed_.notify_all();
}

std::vector<DataPicture> JobDatasetService::take_pictures() {
    const std::lock_guard lock(mutex_);
    return std::exchange(pictures_, {});
}

void JobDatasetService::set_state(DataState state, const std::string& message) {
    const std::lock_guard lock(mutex_);
    if (orders_.work) // it is about something newer already
        return;
    status_.state = state;
    status_.message = message;
}

void JobDatasetService::control(const std::stop_token& end) {
    step_back();
    while (!end.stop_requested()) {
        try {
            carry_out(next_orders(end));
            if (job_)
                follow();
        } catch (const std::exception& error) {
            set_state(DataState::failed, message_of(error));
            let_go();
        }
    }
}

JobDatasetService::Orders JobDatasetService::next_orders(const std::stop_token& end) {
    std::unique_lock lock(mutex_);
    const auto something = [this] { return orders_.any(); };
    if (status_.state == DataState::working) {
        changed_.wait_until(lock, end, next_look_, something);
    } else {
        changed_.wait(lock, end, something);
    }
    return std::exchange(orders_, {});
}

void JobDatasetService::carry_out(const Orders& orders) {
    if (orders.choices) {
        choices_ = *orders.choices;
        choices_number_ = orders.number;
        stale_ = true;
    }
    if (orders.work)
        begin_now(*orders.work);
    if (orders.stop && job_)
        job_->cancel();
    if (orders.set && job_) {
        follow(); // what was chosen just before belongs into the set
        write_now(*orders.set);
    }
}

// The job holds a lock in its folder, and the painter may hold the job for one more picture.
void JobDatasetService::let_go() {
    if (job_)
        job_->cancel();
    {
        const std::lock_guard lock(mutex_);
        shown_.reset();
    }
    while (job_.use_count() > 1)
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    if (job_ && set_is_whole_) {
        job_->cancel();
        job_->remove_work_folder();
    }
    set_is_whole_ = false;
    job_.reset();
    automatic_.clear();
    ids_.clear();
    moved_.clear();
    seen_ = 0;
}

void JobDatasetService::begin_now(const DataWork& work) {
    if (work.work_folder == work_.work_folder)
        set_is_whole_ = false; // it is of use again
    let_go();
    work_ = work;
    {
        const std::lock_guard lock(mutex_);
        status_.view.reset();
    }
    if (work.inputs.empty()) {
        set_state(DataState::empty);
        return;
    }
    std::error_code error;
    fs::create_directories(work.work_folder.parent_path(), error);
    job_ =
        std::make_shared<prepare::CutRun>(prepare::find_sources(work.inputs, work.every), work.cut, work.work_folder);
    began_ = next_look_ = Clock::now();
    job_->start(threads_);
    stale_ = true;
    set_state(DataState::working);
}

void JobDatasetService::follow() {
    job_->wait(0);
    const prepare::CutProgress now = job_->progress();
    if (now.done != seen_ || stale_) {
        const auto start = Clock::now();
        if (now.done != seen_) {
            automatic_ = job_->items();
            ids_.clear();
            for (const prepare::Item& item : automatic_)
                ids_.push_back(id_of(job_->sources(), item));
        }
        seen_ = now.done;
        refresh();
        // However many pictures there are, most of the time is the workers'.
        next_look_ = Clock::now() + std::max<Clock::duration>(shortest_look, 8 * (Clock::now() - start));
    } else {
        next_look_ = Clock::now() + shortest_look;
    }
    const double seconds = std::chrono::duration<double>(Clock::now() - began_).count();
    const std::size_t made = now.done - now.reused;
    const std::lock_guard lock(mutex_);
    if (orders_.work || status_.state == DataState::writing)
        return;
    status_.done = now.done;
    status_.total = now.total;
    status_.reused = now.reused;
    status_.seconds_left =
        made > 0 ? seconds / static_cast<double>(made) * static_cast<double>(now.total - now.done) : -1;
    status_.state = !now.finished ? DataState::working : now.done < now.total ? DataState::stopped : DataState::ready;
}

void JobDatasetService::apply_crops(std::vector<prepare::Item>& items) {
    if (choices_.crops.empty())
        return;
    for (std::size_t i = 0; i < items.size(); ++i) {
        prepare::Item& item = items[i];
        const auto request = choices_.crops.find(ids_[i]);
        if (request == choices_.crops.end() || item.crop < 0)
            continue;
        const std::string name = fmt::format("{} {}", item.key, item.crop);
        auto known = moved_.find(name);
        if (known == moved_.end() || known->second.change != request->second) {
            try {
                const auto corners = changed_crop(item.facts.corners, request->second);
                known = moved_.insert_or_assign(name, Moved{request->second, recut(*job_, item, corners)}).first;
            } catch (const std::exception& error) {
                log_warning("{}: its crop can't be moved: {}", item.name, message_of(error));
                continue;
            }
        }
        item = known->second.item;
    }
}

void JobDatasetService::refresh() {
    auto shown = std::make_shared<Shown>();
    shown->job = job_;
    shown->items = automatic_;
    apply_crops(shown->items);
    for (std::size_t i = 0; i < shown->items.size(); ++i) {
        shown->index[ids_[i]] = i;
        const auto request = choices_.overrides.find(ids_[i]);
        shown->items[i].request = request == choices_.overrides.end() ? prepare::Override::none : request->second;
    }
    prepare::judge(shown->items, work_.cut, choices_.limits, choices_.labels);
    const auto view = view_of(ids_, shown->items, automatic_, work_.cut.mode, choices_);
    view->choices = choices_number_;
    if (view->kept == 0)
        view->offer = prepare::offer_limit(shown->items, work_.cut, choices_.limits, choices_.labels);
    keep_order(*view);
    stale_ = false;
    const std::lock_guard lock(mutex_);
    shown_ = std::move(shown);
    status_.view = view;
}

// A picture that is kept or dropped by hand stays where it was clicked, also when sorted by verdict.
void JobDatasetService::keep_order(DataView& view) {
    DataChoices basis = choices_;
    basis.overrides.clear();
    basis.crops.clear();
    if (basis == order_basis_ && seen_ == order_seen_ && order_.size() == view.order.size())
        view.order = order_;
    order_ = view.order;
    order_basis_ = std::move(basis);
    order_seen_ = seen_;
}

void JobDatasetService::write_now(const fs::path& set) {
    std::shared_ptr<const Shown> shown;
    {
        const std::lock_guard lock(mutex_);
        shown = shown_;
    }
    const fs::path report = prepare::report_beside(set);
    std::string message, written;
    try {
        prepare::check_target(set, work_.inputs);
        prepare::check_apart(report, work_.inputs);
        std::error_code error;
        fs::create_directories(set.parent_path(), error);
        prepare::write_set(set, *job_, shown->items, choices_.labels, [this](std::size_t done, std::size_t all) {
            if (stop_writing_ || ending_)
                throw GivenUp();
            const std::lock_guard lock(mutex_);
            status_.written = done;
            status_.to_write = all;
        });
        written = set.string();
        io::write_file(report, prepare::report_page(set.filename().string(), *job_, shown->items, choices_.limits));
        set_is_whole_ = true;
    } catch (const GivenUp&) {
        message = "Given up; nothing was written.";
    } catch (const std::exception& error) {
        message = message_of(error);
    }
    const std::lock_guard lock(mutex_);
    ++status_.sets;
    status_.set = written;
    status_.message = message;
    status_.state = DataState::ready;
}

void JobDatasetService::paint(const std::stop_token& end) {
    step_back();
    while (!end.stop_requested()) {
        DatasetPictureRequest request;
        std::shared_ptr<const Shown> shown;
        {
            std::unique_lock lock(mutex_);
            if (!changed_.wait(lock, end, [this] { return !requests_.empty() && shown_; }))
                return;
            request = requests_.front();
            requests_.erase(requests_.begin());
            shown = shown_;
        }
        if (!shown->index.contains(request.id))
            continue; // not looked at yet, or not any more
        PixelBuffer pixels;
        try {
            pixels = picture(request, *shown);
        } catch (const std::exception&) { // its file went away meanwhile: the grid shows that there is none
        }
        const std::lock_guard lock(mutex_);
        pictures_.push_back({request, std::move(pixels)});
    }
}

PixelBuffer JobDatasetService::picture(const DatasetPictureRequest& request, const Shown& shown) const {
    const prepare::Item& item = shown.items[shown.index.at(request.id)];
    if (request.kind == DataPictureKind::whole) {
        return prepare::preview_of(shown.job->sources().pictures[item.source], whole_side,
                                   shown.job->options().background);
    }
    if (item.width == 0)
        return {};
    const std::vector<std::uint8_t> file = item.crop < 0 ? shown.job->thumbnail(item) : shown.job->crop_png(item);
    io::Image8 image = io::decode_image(file, item.name, 4);
    return shrunk({image.width, image.height, std::move(image.pixels)}, tile_side);
}

} // namespace atelier::studio
