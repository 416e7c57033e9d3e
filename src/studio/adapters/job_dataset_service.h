// SPDX-License-Identifier: Apache-2.0
// JobDatasetService: the DatasetService of the real studio, over prepare::CutRun. One thread carries out what is asked
// for and judges, another makes the pictures; the job has workers of its own.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>

#include "prepare/cut_run.h"
#include "studio/services/dataset_service.h"

namespace atelier::studio {

class JobDatasetService final : public DatasetService {
public:
    // threads: of the workers; 0: one less than there are cores, for the viewer.
    explicit JobDatasetService(int threads = 0);
    ~JobDatasetService() override;
    void begin(const DataWork& work) override;
    void choose(const DataChoices& choices) override;
    void stop() override;
    void write(const std::filesystem::path& set) override;
    DataStatus status() override;
    prepare::Thresholds standard_limits(const prepare::CutOptions& cut) const override;
    void request_pictures(std::vector<DatasetPictureRequest> requests) override;
    std::vector<DataPicture> take_pictures() override;

private:
    using Clock = std::chrono::steady_clock;
    struct Orders {
        std::optional<DataWork> work;
        std::optional<DataChoices> choices;
        std::uint64_t number = 0; // of the choices
        std::optional<std::filesystem::path> set;
        bool stop = false;
        bool any() const { return work || choices || set || stop; }
    };
    // What pictures are made of; replaced as a whole.
    struct Shown {
        std::shared_ptr<prepare::CutRun> job;
        std::vector<prepare::Item> items;
        std::unordered_map<std::uint64_t, std::size_t> index; // by id
    };
    struct Moved {
        CropChange change;
        prepare::Item item;
    };

    // --- of the control thread
    void control(const std::stop_token& end);
    Orders next_orders(const std::stop_token& end);
    void carry_out(const Orders& orders);
    void begin_now(const DataWork& work);
    void let_go(); // of the job
    void write_now(const std::filesystem::path& set);
    void follow();
    void refresh();
    void keep_order(DataView& view);
    void apply_crops(std::vector<prepare::Item>& items);
    void set_state(DataState state, const std::string& message = {});
    // --- of the painter
    void paint(const std::stop_token& end);
    PixelBuffer picture(const DatasetPictureRequest& request, const Shown& shown) const;

    const int threads_;
    std::shared_ptr<prepare::CutRun> job_;
    DataWork work_;
    DataChoices choices_;
    std::uint64_t choices_number_ = 0;
    std::vector<prepare::Item> automatic_;         // as the job has them
    std::vector<std::uint64_t> ids_;               // of these
    std::unordered_map<std::string, Moved> moved_; // by key and number of the automatic crop
    std::size_t seen_ = 0;                         // sources in automatic_
    bool stale_ = false;                           // the choices changed since the last view
    bool set_is_whole_ = false;                    // the work folder is of no more use
    Clock::time_point began_, next_look_;
    std::vector<std::uint32_t> order_; // of the last view, and what it follows from
    DataChoices order_basis_;
    std::size_t order_seen_ = 0;

    mutable std::mutex mutex_; // of all below
    std::condition_variable_any changed_;
    Orders orders_;
    std::uint64_t choices_given_ = 0;
    DataStatus status_;
    std::shared_ptr<const Shown> shown_;
    std::vector<DatasetPictureRequest> requests_;
    std::vector<DataPicture> pictures_;
    std::atomic<bool> stop_writing_ = false;
    std::atomic<bool> ending_ = false;
    std::jthread painter_, control_; // last: joined first
};

} // namespace atelier::studio
