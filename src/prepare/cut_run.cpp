// SPDX-License-Identifier: Apache-2.0
#include "prepare/cut_run.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

#include "base/error.h"
#include "prepare/cutter.h"
#include "prepare/faces.h"
#include "prepare/read_picture.h"
#include "prepare/work_folder.h"

namespace atelier::prepare {

struct CutRun::Impl {
    Impl(Sources found, const CutOptions& cut, const std::filesystem::path& folder)
        : sources(std::move(found)), options(cut), work(folder), results(sources.pictures.size()) {}

    Sources sources;
    CutOptions options;
    WorkFolder work;
    std::atomic<std::size_t> next{0};
    mutable std::mutex mutex; // of all below
    std::condition_variable changed;
    std::vector<std::vector<Item>> results; // by source; empty: not done
    std::size_t done = 0, reused = 0;
    int running = 0;
    std::exception_ptr error;
    std::vector<std::jthread> threads; // last: joined first

    void work_on(const std::stop_token& stop);
    void do_one(std::size_t index, Cutter& cutter, PictureReader& reader);
    Finding look_at(const Source& source, Cutter& cutter, PictureReader& reader);
    std::vector<Item> items_of(std::size_t index, const std::string& key, Finding finding) const;
};

Finding CutRun::Impl::look_at(const Source& source, Cutter& cutter, PictureReader& reader) {
    try {
        return reader.with(source, [&](const Picture& picture) { return cutter.cut(picture); });
    } catch (const std::bad_alloc&) {
        Finding finding;
        finding.trouble = "needs more memory than there is";
        return finding;
    } catch (const std::exception& error) { // OpenCV's and dlib's among them: one odd picture must not stop a run
        Finding finding;
        finding.trouble = message_of(error);
        return finding;
    }
}

std::vector<Item> CutRun::Impl::items_of(std::size_t index, const std::string& key, Finding finding) const {
    Item item;
    const Source& source = sources.pictures[index];
    item.source = index;
    item.key = key;
    item.folder = source.folder;
    item.width = finding.width;
    item.height = finding.height;
    item.name = source.name;
    if (finding.crops.empty()) {
        item.trouble = finding.trouble;
        return {item};
    }
    std::vector<Item> items;
    for (std::size_t i = 0; i < finding.crops.size(); ++i) {
        item.crop = static_cast<int>(i);
        item.name = finding.crops.size() == 1 ? source.name : fmt::format("{}, face {}", source.name, i + 1);
        item.facts = std::move(finding.crops[i]);
        item.facts.png = {};
        items.push_back(item);
    }
    return items;
}

void CutRun::Impl::do_one(std::size_t index, Cutter& cutter, PictureReader& reader) {
    const Source& source = sources.pictures[index];
    const std::string key = WorkFolder::key(source, options);
    std::optional<Finding> finding = work.load(key);
    const bool known = finding.has_value();
    if (!known) {
        finding = look_at(source, cutter, reader);
        // A file that could not be read may have been a passing trouble.
        if (finding->width > 0) {
            work.store(key, *finding);
        }
    }
    std::vector<Item> items = items_of(index, key, std::move(*finding));
    const std::lock_guard lock(mutex);
    results[index] = std::move(items);
    ++done;
    reused += known ? 1 : 0;
}

void CutRun::Impl::work_on(const std::stop_token& stop) {
    std::exception_ptr failure;
    try {
        Cutter cutter(options);
        PictureReader reader;
        for (std::size_t i = next++; i < sources.pictures.size() && !stop.stop_requested(); i = next++) {
            do_one(i, cutter, reader);
        }
    } catch (...) {
        failure = std::current_exception();
        next = sources.pictures.size();
    }
    const std::lock_guard lock(mutex);
    error = error ? error : failure;
    --running;
    changed.notify_all();
}

CutRun::CutRun(Sources sources, const CutOptions& options, const std::filesystem::path& work_folder) {
    check(options);
    const Cutter test(options); // what is missing is told before anything is made
    impl_ = std::make_unique<Impl>(std::move(sources), options, work_folder);
}

CutRun::~CutRun() {
    cancel();
}

void CutRun::start(int threads) {
    const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    const int count = std::clamp(threads > 0 ? threads : cores, 1, 64);
    const std::lock_guard lock(impl_->mutex);
    impl_->running = count;
    for (int i = 0; i < count; ++i) {
        impl_->threads.emplace_back([impl = impl_.get()](const std::stop_token& stop) { impl->work_on(stop); });
    }
}

void CutRun::cancel() {
    const std::lock_guard lock(impl_->mutex);
    for (std::jthread& thread : impl_->threads) {
        thread.request_stop();
    }
}

bool CutRun::wait(double seconds) {
    std::unique_lock lock(impl_->mutex);
    const bool finished =
        impl_->changed.wait_for(lock, std::chrono::duration<double>(seconds), [this] { return impl_->running == 0; });
    if (finished && impl_->error) {
        std::rethrow_exception(impl_->error);
    }
    return finished;
}

CutProgress CutRun::progress() const {
    const std::lock_guard lock(impl_->mutex);
    return {impl_->done, impl_->results.size(), impl_->reused, impl_->running == 0};
}

std::vector<Item> CutRun::items() const {
    const std::lock_guard lock(impl_->mutex);
    std::vector<Item> all;
    for (const std::vector<Item>& some : impl_->results) {
        all.insert(all.end(), some.begin(), some.end());
    }
    return all;
}

namespace {

Finding finding_of(const WorkFolder& work, const Item& item) {
    std::optional<Finding> finding = work.load(item.key);
    if (!finding) {
        fail("{}: what was done of {} can't be read: it is gone, or the memory is not enough; run the same again.",
             work.path().string(), item.name);
    }
    return std::move(*finding);
}

} // namespace

std::vector<std::uint8_t> CutRun::thumbnail(const Item& item) const {
    return finding_of(impl_->work, item).thumbnail;
}

std::vector<std::uint8_t> CutRun::crop_png(const Item& item) const {
    return finding_of(impl_->work, item).crops.at(static_cast<std::size_t>(item.crop)).png;
}

const Sources& CutRun::sources() const {
    return impl_->sources;
}

const CutOptions& CutRun::options() const {
    return impl_->options;
}

const WorkFolder& CutRun::work() const {
    return impl_->work;
}

void CutRun::remove_work_folder() {
    impl_->work.remove();
}

double share_with_faces(const Sources& sources, double confidence) {
    constexpr std::size_t most = 40;
    FaceFinder finder;
    PictureReader reader;
    const std::size_t count = sources.pictures.size(), looked = std::min(count, most);
    int with_face = 0;
    for (std::size_t i = 0; i < looked; ++i) {
        try {
            reader.with(sources.pictures[i * count / looked], [&](const Picture& picture) {
                with_face += finder.confidence(picture) >= confidence ? 1 : 0;
                return Finding();
            });
        } catch (const std::exception&) { // it counts as without
        }
    }
    return static_cast<double>(with_face) / static_cast<double>(looked);
}

} // namespace atelier::prepare
