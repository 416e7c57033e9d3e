// SPDX-License-Identifier: Apache-2.0
#include "media/recorder.h"

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include <sched.h>

#include "base/bounded_queue.h"
#include "base/clock.h"
#include "base/disk_space.h"
#include "base/error.h"
#include "base/log.h"
#include "base/unsquash.h"
#include "media/frame_rate_converter.h"
#include "media/scale.h"

namespace atelier::media {
namespace {

// While nothing new comes, the held picture is written out this often, so that a long pause makes no burst at its end.
constexpr double heartbeat_seconds = 0.1;
// A picture stamped now may still be on its way into the queue.
constexpr double heartbeat_margin = 0.3;

constexpr double space_check_seconds = 1; // between two looks at how much room the disk has
constexpr double space_first_seconds = 5; // of video before its rate is known

// Waking this thread must not stop the one that handed it a picture in the middle of its work. The encoder's threads
// inherit it; their share of the processor stays the same.
void yield_to_the_window() {
    const sched_param none{};
    sched_setscheduler(0, SCHED_BATCH, &none); // refused: as before
}

struct Timed {
    PixelBuffer picture;
    double seconds = 0;
};

} // namespace

struct Recorder::Session {
    explicit Session(RecorderOptions given)
        : options(std::move(given)), queue(options.queue), pace(frame_rate(options.fps).value()) {
        if (!options.clock) {
            options.clock = steady_seconds;
        }
        if (!options.free_bytes) {
            options.free_bytes = free_bytes_at;
        }
        status.state = RecordState::recording;
        status.path = options.path;
        thread = std::jthread([this] { run(); });
    }

    ~Session() {
        queue.close();
        if (thread.joinable()) {
            thread.join();
        }
    }

    void run() noexcept {
        yield_to_the_window();
        try {
            record();
        } catch (const std::exception& error) {
            fail_with(message_of(error));
        }
    }

    void fail_with(std::string message) {
        queue.close();
        const KeptOutput kept = sink ? sink->keep() : KeptOutput{};
        sink.reset();
        log_error("Recording failed: {}", message);
        const std::lock_guard lock(mutex);
        status.state = RecordState::failed;
        status.message = std::move(message);
        status.kept = kept.path;
        status.kept_seconds = static_cast<double>(kept.frames) / frame_rate(options.fps).value();
    }

    void record() {
        while (!queue.drained()) {
            look_at_space();
            std::optional<Timed> item = queue.pop_within(heartbeat_seconds);
            if (!item) {
                if (!queue.drained()) {
                    write_held(pace.hold(options.clock() - heartbeat_margin));
                }
                continue;
            }
            if (!sink) {
                first = item->seconds;
            }
            write_held(pace.advance(item->seconds));
            take(std::move(item->picture));
        }
        if (!sink) {
            fail("No picture came while recording, so {} was not written.", options.path.string());
        }
        write_held(pace.hold(stopped_at.load(), true));
        put_sound();
        sink->finish();
        const std::lock_guard lock(mutex);
        status.state = RecordState::done;
        status.message = fmt::format("Saved {}.", options.path.string());
    }

    void put_sound() {
        SoundOutput output;
        {
            const std::lock_guard lock(mutex);
            output.pieces = std::move(sound);
        }
        for (SoundPiece& each : output.pieces) {
            each.at -= first;
        }
        std::erase_if(output.pieces, [](const SoundPiece& each) { return each.at + each.seconds <= 0; });
        if (!output.pieces.empty()) {
            sink->put_sound(output);
        }
    }

    // The new picture becomes the held one, at the file's size.
    void take(PixelBuffer picture) {
        if (!sink) {
            const auto [shown_width, shown_height] = shown_size(picture);
            std::tie(width, height) = output_size(options, shown_width, shown_height);
            sink = open_sink(picture.alpha);
        }
        if (picture.width == width && picture.height == height && picture.ratio.square()) {
            std::swap(held, picture);
        } else {
            scaler.fit(picture, width, height, options.aspect, held);
        }
        give_back(std::move(picture.rgba));
    }

    std::unique_ptr<FrameSink> open_sink(bool alpha) const {
        if (options.make_sink) {
            return options.make_sink(width, height);
        }
        OutputOptions output = options;
        output.width = width;
        output.height = height;
        output.live = true;
        output.alpha = alpha;
        return make_sink(output);
    }

    void write_held(std::int64_t times) {
        for (std::int64_t i = 0; i < times; ++i) {
            sink->add(held);
            const std::lock_guard lock(mutex);
            ++status.frames_written;
            status.seconds = static_cast<double>(status.frames_written) / frame_rate(options.fps).value();
        }
    }

    void look_at_space() {
        const double now = options.clock();
        if (!sink || now < next_space_check || status_seconds() < space_first_seconds) {
            return;
        }
        next_space_check = now + space_check_seconds;
        const double free = options.free_bytes(options.path.parent_path());
        const double bytes = static_cast<double>(sink->bytes());
        const std::lock_guard lock(mutex);
        status.seconds_of_space = free < 0 || bytes <= 0 ? -1 : free / (bytes / status.seconds);
    }

    double status_seconds() const {
        const std::lock_guard lock(mutex);
        return status.seconds;
    }

    void give_back(std::vector<std::uint8_t> bytes) {
        const std::lock_guard lock(mutex);
        if (spare.size() < options.queue) {
            spare.push_back(std::move(bytes));
        }
    }

    std::vector<std::uint8_t> spare_bytes() {
        const std::lock_guard lock(mutex);
        if (spare.empty()) {
            return {};
        }
        std::vector<std::uint8_t> bytes = std::move(spare.back());
        spare.pop_back();
        return bytes;
    }

    RecorderOptions options;
    BoundedQueue<Timed> queue;
    std::atomic<double> stopped_at{0};

    mutable std::mutex mutex;
    RecordStatus status;                          // guarded by mutex
    std::vector<std::vector<std::uint8_t>> spare; // guarded by mutex: memory of pictures already written
    std::vector<SoundPiece> sound;                // guarded by mutex: by the clock

    // The thread's own.
    FrameRateConverter pace;
    PixelBuffer held;
    int width = 0, height = 0;
    double first = 0;            // when the first picture was shown, by the clock
    double next_space_check = 0; // by the clock
    Scaler scaler;
    std::unique_ptr<FrameSink> sink;

    std::jthread thread; // last: it uses all of the above
};

Recorder::Recorder() = default;

Recorder::~Recorder() {
    stop();
}

bool Recorder::start(RecorderOptions options) {
    if (!status().can_start()) {
        return false;
    }
    session_.reset(); // its thread has ended
    session_ = std::make_unique<Session>(std::move(options));
    return true;
}

bool Recorder::submit(const PixelBuffer& picture, std::optional<double> seconds) {
    if (!session_) {
        return false;
    }
    Session& my = *session_;
    {
        const std::lock_guard lock(my.mutex);
        if (!my.status.can_stop()) {
            return false;
        }
    }
    const double now = seconds.value_or(my.options.clock());
    bool taken = false;
    if (my.queue.size() < my.options.queue) { // only this thread adds, so there will be room
        Timed item{.picture = {picture.width, picture.height, my.spare_bytes()}, .seconds = now};
        item.picture.ratio = picture.ratio;
        item.picture.alpha = picture.alpha;
        item.picture.rgba.assign(picture.rgba.begin(), picture.rgba.end());
        taken = my.queue.try_push(std::move(item));
    }
    if (!taken) {
        const std::lock_guard lock(my.mutex);
        ++my.status.frames_dropped;
    }
    return taken;
}

void Recorder::stop(std::vector<SoundPiece> sound) {
    if (!session_) {
        return;
    }
    Session& my = *session_;
    const double now = my.options.clock();
    const std::lock_guard lock(my.mutex);
    if (my.status.can_stop()) {
        my.status.state = RecordState::finishing;
        my.stopped_at = now;
        my.sound = std::move(sound);
        my.queue.close();
    }
}

RecordStatus Recorder::status() const {
    if (!session_) {
        return {};
    }
    const std::size_t waiting = session_->queue.size();
    const std::lock_guard lock(session_->mutex);
    RecordStatus status = session_->status;
    status.frames_waiting = waiting;
    return status;
}

} // namespace atelier::media
