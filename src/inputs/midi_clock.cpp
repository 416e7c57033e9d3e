// SPDX-License-Identifier: Apache-2.0
#include "inputs/midi_clock.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace atelier::inputs {
namespace {

constexpr std::size_t most_ticks = 4 * ticks_per_beat, fewest_ticks = ticks_per_beat / 2, looked_at = 8;
constexpr double slowest_tick = 60.0 / (15 * ticks_per_beat); // seconds, 15 bpm
constexpr double fastest_tick = 60.0 / (400 * ticks_per_beat);
constexpr double smallest_off = 0.0004; // seconds off the line that say nothing
constexpr double pause = 0.6;           // seconds without a tick: it has stopped
constexpr double shortest_hold = 0.1;   // seconds
constexpr double at_once = fastest_tick / 4;

} // namespace

void MidiClock::tick(double seconds) {
    if (!std::isfinite(seconds))
        return;
    if (!ticks_.empty() && (seconds - ticks_.back().seconds > pause || seconds < ticks_.back().seconds))
        forget();
    // What was held up while the program stood still comes all at once: it is counted, and the last one says when.
    const std::size_t kept = ticks_.size();
    if (kept > 0 && seconds - ticks_.back().seconds < at_once &&
        (kept == 1 || ticks_.back().seconds - ticks_[kept - 2].seconds > std::max(shortest_hold, 2.5 * line_.slope)))
        ticks_.pop_back();
    count_ += 1;
    if (waits_) {
        origin_ = count_;
        waits_ = false;
    }
    ticks_.push_back({count_, seconds});
    if (ticks_.size() > most_ticks)
        ticks_.pop_front();
    fit();
}

void MidiClock::forget() {
    ticks_.clear();
    line_ = {};
}

void MidiClock::start() {
    at_ = 0;
    go_on();
    ++jumps_;
}

void MidiClock::go_on() {
    waits_ = true;
    running_ = true;
}

void MidiClock::stop() {
    if (running_ && !waits_)
        at_ += count_ - origin_ + 1; // the tick that would have been next
    running_ = false;
    waits_ = false;
}

void MidiClock::position(int sixteenths) {
    at_ = std::clamp(sixteenths, 0, 16383) * (ticks_per_beat / 4);
    if (running_)
        waits_ = true;
    ++jumps_;
}

MidiClock::Line MidiClock::line(std::size_t from, std::size_t to, double limit, const Line& around) const {
    double weights = 0, numbers = 0, times = 0;
    std::array<double, most_ticks> weight{};
    for (std::size_t i = from; i < to; ++i) {
        const double far = std::abs(around.off(ticks_[i]));
        weight[i] = far > limit ? limit / far : 1;
        weights += weight[i];
        numbers += weight[i] * ticks_[i].number;
        times += weight[i] * ticks_[i].seconds;
    }
    Line out{0, numbers / weights, times / weights, 0};
    double square = 0, product = 0;
    for (std::size_t i = from; i < to; ++i) {
        const double x = ticks_[i].number - out.number;
        square += weight[i] * x * x;
        product += weight[i] * x * (ticks_[i].seconds - out.seconds);
    }
    out.slope = product / square;
    double squares = 0;
    for (std::size_t i = from; i < to; ++i)
        squares += out.off(ticks_[i]) * out.off(ticks_[i]);
    out.scatter = std::sqrt(squares / static_cast<double>(to - from));
    return out;
}

double MidiClock::middle_distance(const Line& line) const {
    std::array<double, most_ticks> all{};
    const auto count = static_cast<std::ptrdiff_t>(ticks_.size());
    std::ranges::transform(ticks_, all.begin(), [&](const Tick& each) { return std::abs(line.off(each)); });
    std::nth_element(all.begin(), all.begin() + count / 2, all.begin() + count);
    return all[static_cast<std::size_t>(count / 2)];
}

// The ticks that came before the tempo changed, if it has, are no use any more.
void MidiClock::drop_old_tempo() {
    const std::size_t count = ticks_.size();
    if (count < looked_at + fewest_ticks)
        return;
    const Line before = line(0, count - looked_at);
    // What chance makes of the newest ones: their own scatter, and that of the line where it is drawn out to them.
    const auto length = static_cast<double>(count - looked_at);
    const double ahead = (length + looked_at) / 2,
                 drawn_out = std::sqrt(1 / length + 12 * ahead * ahead / std::pow(length, 3));
    // Ticks that come in blocks of sound lie on a wrong line for a while, exactly, so that their scatter says too
    // little.
    known_scatter_ = std::max(0.998 * known_scatter_, before.scatter);
    const double allowed = smallest_off + 2.5 * known_scatter_ * (1 + drawn_out);
    std::size_t late = 0, early = 0;
    double sum = 0, growth = 0;
    for (std::size_t i = 0; i < looked_at; ++i) {
        const double off = before.off(ticks_[count - looked_at + i]);
        late += off > allowed ? 1 : 0;
        early += off < -allowed ? 1 : 0;
        sum += off;
        growth += i < looked_at / 2 ? -off : off;
    }
    // At another tempo they go further and further off; ticks that come in blocks of sound leap once, and what was held
    // up comes back.
    if (std::max(late, early) < looked_at || growth / sum < 0.07)
        return;
    std::size_t keep = looked_at - 2;
    for (std::size_t more = keep + 1; more <= count - looked_at / 2; ++more) {
        const Line newest = line(count - more, count);
        bool straight = true;
        for (std::size_t i = count - more; i < count; ++i)
            straight &= std::abs(newest.off(ticks_[i])) < allowed;
        if (!straight)
            break;
        keep = more;
    }
    ticks_.erase(ticks_.begin(), ticks_.end() - static_cast<std::ptrdiff_t>(keep));
}

void MidiClock::fit() {
    drop_old_tempo();
    if (ticks_.size() < (line_.slope > 0 ? looked_at - 2 : fewest_ticks))
        return;
    const Line first = line(0, ticks_.size());
    // A second time with less of those that are far off.
    const double limit = std::max({3 * middle_distance(first), first.scatter, 1e-5});
    line_ = line(0, ticks_.size(), limit, first);
    line_.slope = std::clamp(line_.slope, fastest_tick, slowest_tick);
}

ClockReading MidiClock::read(double seconds) const {
    ClockReading out;
    out.running = running_;
    out.jumps = jumps_;
    const double since = ticks_.empty() ? 0 : seconds - ticks_.back().seconds;
    out.there = !ticks_.empty() && since < std::max(pause, 4 * line_.slope);
    out.beat = at_ / ticks_per_beat;
    if (line_.slope > 0) {
        out.bpm = 60 / (line_.slope * ticks_per_beat);
        out.jitter_ms = line_.scatter * 1000;
    }
    if (!running_ || waits_ || ticks_.empty())
        return out;
    double number = count_;
    if (line_.slope > 0) { // by the line, and not far ahead of what has come
        number = line_.number + (seconds - line_.seconds) / line_.slope;
        number = std::clamp(number, count_ - ticks_per_beat / 4.0, count_ + 4.0);
    }
    out.beat = (at_ + std::max(number - origin_, 0.0)) / ticks_per_beat;
    return out;
}

} // namespace atelier::inputs
