// SPDX-License-Identifier: Apache-2.0
#include "inputs/midi_ports.h"

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "base/clock.h"
#include "inputs/jack_watch.h"
#include "inputs/midi_device.h"

namespace atelier::inputs {
namespace {

using namespace std::chrono_literals;
constexpr auto between_looks = 1000ms, between_sends = 20ms;
constexpr int sends_at_once = 16;                            // to one device
constexpr double first_try_again = 0.05, last_try_again = 5; // seconds; twice as long each time
constexpr double patience = 3; // seconds, before it is told: a port may be listed before it can be connected
constexpr std::size_t most_waiting = 4096;

} // namespace

struct MidiPorts::Kept {
    explicit Kept(InputHub& to) : hub(to), jack([this] { wake(); }) {}

    void wake() {
        const std::lock_guard lock(mutex);
        news = true;
        woken.notify_all();
    }
    void run(const std::stop_token& stop);
    void look();
    using Test = std::function<bool(const MidiPort&)>;
    void close_if(const Test& in_goes, const Test& out_goes);
    bool waits_for_port() const { // that may soon be there
        const double now = steady_seconds();
        return std::ranges::any_of(failed, [&](const auto& each) { return now - each.second.first < patience; });
    }
    void open(const NamedMidiPort& port);
    bool is_connected(const std::string& port) const;
    void send_some();
    MidiOut* out_of(const std::string& device);
    void tell(std::string sentence) {
        const std::lock_guard lock(mutex);
        if (told.insert(sentence).second)
            troubles.push_back(std::move(sentence));
    }

    InputHub& hub;
    JackWatch jack; // of the thread alone, as is what follows
    AlsaPorts alsa;
    std::map<std::string, std::unique_ptr<MidiOut>> outs;
    struct Failure {
        double first, wait, next; // when, for how long, until when
    };
    std::map<std::string, Failure> failed; // by port

    mutable std::mutex mutex; // of all that follows
    std::condition_variable woken;
    std::vector<std::shared_ptr<MidiIn>> ins;
    std::vector<NamedMidiPort> outputs;
    std::map<std::string, std::pair<MidiAddress, double>> waiting; // to be sent, by source
    std::vector<std::string> troubles;
    std::set<std::string> told;
    mutable std::string ticking; // the device whose clock is followed where none is named
    bool news = false, has_looked = false;

    std::jthread thread; // ends first
};

void MidiPorts::Kept::run(const std::stop_token& stop) {
    auto next_look = std::chrono::steady_clock::now();
    while (!stop.stop_requested()) {
        if (std::chrono::steady_clock::now() >= next_look) {
            look();
            next_look = std::chrono::steady_clock::now() + (waits_for_port() ? 50ms : between_looks);
        }
        send_some();
        std::unique_lock lock(mutex);
        if (!waiting.empty()) {
            lock.unlock();
            std::this_thread::sleep_for(between_sends);
            lock.lock();
        } else {
            woken.wait_until(lock, next_look, [&] { return stop.stop_requested() || news || !waiting.empty(); });
        }
        if (std::exchange(news, false))
            next_look = std::chrono::steady_clock::now();
    }
}

void MidiPorts::Kept::close_if(const Test& in_goes, const Test& out_goes) {
    std::erase_if(outs, [&](const auto& each) { return out_goes(each.second->port().port); });
    for (const auto& each : ins) { // outside the lock: JACK may wait for its own thread
        if (in_goes(each->port().port))
            each->close();
    }
    const std::lock_guard lock(mutex);
    std::erase_if(ins, [&](const auto& each) { return in_goes(each->port().port); });
}

void MidiPorts::Kept::look() {
    if (!jack.there()) {
        close_if([](const MidiPort& port) { return port.system == MidiSystem::jack; },
                 [](const MidiPort& port) { return port.system == MidiSystem::jack; });
        jack.leave();
    }
    std::vector<MidiPort> says = alsa.ports(AlsaPorts::Which::say), hears = alsa.ports(AlsaPorts::Which::hear);
    if (jack.look()) {
        for (std::string& each : jack.ports(JackWatch::Which::say))
            says.push_back({MidiSystem::jack, std::move(each)});
        for (std::string& each : jack.ports(JackWatch::Which::hear))
            hears.push_back({MidiSystem::jack, std::move(each)});
    }
    const std::vector<std::string> gone = jack.take_gone();
    const auto lost_from = [&gone](const std::vector<MidiPort>& ports) {
        return [&gone, &ports](const MidiPort& port) {
            return (port.system == MidiSystem::jack && std::ranges::find(gone, port.port) != gone.end()) ||
                   std::ranges::find(ports, port) == ports.end();
        };
    };
    close_if(lost_from(says), lost_from(hears));
    {
        const std::lock_guard lock(mutex);
        outputs = named_ports(hears);
    }
    std::erase_if(failed,
                  [&](const auto& each) { return std::ranges::find(says, each.first, &MidiPort::port) == says.end(); });
    for (const NamedMidiPort& each : named_ports(says)) {
        const bool open_already =
            std::ranges::any_of(ins, [&](const auto& in) { return in->port().port == each.port; });
        const auto failure = failed.find(each.port.port);
        if (!open_already && (failure == failed.end() || steady_seconds() >= failure->second.next))
            open(each);
    }
    const std::lock_guard lock(mutex);
    has_looked = true;
}

void MidiPorts::Kept::open(const NamedMidiPort& port) {
    // Without its server RtMidi prints that there is none.
    const bool of_jack = port.port.system == MidiSystem::jack;
    if (of_jack && !jack.there())
        return;
    NamedMidiPort named = port; // what is there keeps its name
    for (int i = 2; std::ranges::any_of(ins, [&](const auto& in) { return in->port().device == named.device; }); ++i)
        named.device = fmt::format("{} {}", port.device, i);
    auto in = std::make_shared<MidiIn>(hub, named);
    std::string why = in->open();
    if (why.empty() && of_jack && !is_connected(port.port.port))
        why = "JACK doesn't connect it";
    if (!why.empty()) {
        in->close();
        const double now = steady_seconds();
        Failure& failure = failed.try_emplace(port.port.port, Failure{now, first_try_again, 0}).first->second;
        failure.next = now + failure.wait;
        failure.wait = std::min(2 * failure.wait, last_try_again);
        if (now - failure.first > patience)
            tell(fmt::format("The MIDI device {} can't be opened: {}.", port.device, why));
        return;
    }
    failed.erase(port.port.port);
    const std::lock_guard lock(mutex);
    ins.push_back(std::move(in));
    std::ranges::sort(ins, {}, [](const auto& each) { return each->port().device; });
}

// JACK takes up to two of its turns until it says so.
bool MidiPorts::Kept::is_connected(const std::string& port) const {
    for (int i = 0; i < 50; ++i) {
        if (jack.heard_by_us(port))
            return true;
        std::this_thread::sleep_for(5ms);
    }
    return false;
}

MidiOut* MidiPorts::Kept::out_of(const std::string& device) {
    if (const auto found = outs.find(device); found != outs.end())
        return found->second.get();
    NamedMidiPort port;
    {
        const std::lock_guard lock(mutex);
        const auto in = std::ranges::find(ins, device, [](const auto& each) { return each->port().device; });
        const int at = in == ins.end() ? -1 : output_for((*in)->port(), outputs);
        if (at < 0)
            return nullptr;
        port = outputs[static_cast<std::size_t>(at)];
    }
    if (port.port.system == MidiSystem::jack && !jack.there())
        return nullptr;
    auto out = std::make_unique<MidiOut>(port);
    if (const std::string why = out->open(); !why.empty()) {
        tell(fmt::format("Nothing can be sent to the MIDI device {}: {}.", device, why));
        return nullptr;
    }
    return outs.emplace(device, std::move(out)).first->second.get();
}

void MidiPorts::Kept::send_some() {
    std::vector<std::pair<MidiAddress, double>> now;
    {
        const std::lock_guard lock(mutex);
        std::map<std::string, int> count;
        std::erase_if(waiting, [&](const auto& each) {
            const bool goes = count[each.second.first.device]++ < sends_at_once;
            if (goes)
                now.push_back(each.second);
            return goes;
        });
    }
    for (const auto& [address, value] : now) {
        if (MidiOut* out = out_of(address.device))
            out->send(messages_of(address, value));
    }
}

MidiPorts::MidiPorts(InputHub& hub) : kept_(std::make_unique<Kept>(hub)) {
    kept_->thread = std::jthread([kept = kept_.get()](const std::stop_token& stop) { kept->run(stop); });
}

MidiPorts::~MidiPorts() {
    kept_->thread.request_stop();
    kept_->wake();
    kept_->thread.join();
    for (const auto& each : kept_->ins)
        each->close();
}

bool MidiPorts::looked() const {
    const std::lock_guard lock(kept_->mutex);
    return kept_->has_looked;
}

std::vector<std::string> MidiPorts::take_troubles() {
    const std::lock_guard lock(kept_->mutex);
    return std::exchange(kept_->troubles, {});
}

std::vector<MidiDevice> MidiPorts::devices() const {
    const double now = steady_seconds();
    const std::lock_guard lock(kept_->mutex);
    std::vector<MidiDevice> out;
    for (const auto& each : kept_->ins) {
        out.push_back(each->facts(now));
        out.back().hears = output_for(each->port(), kept_->outputs) >= 0;
    }
    return out;
}

bool MidiPorts::send(const MidiAddress& address, double value) {
    const std::lock_guard lock(kept_->mutex);
    const auto in = std::ranges::find(kept_->ins, address.device, [](const auto& each) { return each->port().device; });
    if (in == kept_->ins.end() || output_for((*in)->port(), kept_->outputs) < 0 ||
        messages_of(address, value).empty() || kept_->waiting.size() >= most_waiting)
        return false;
    kept_->waiting.insert_or_assign(source_of(address), std::pair(address, value));
    kept_->woken.notify_all();
    return true;
}

ClockReading MidiPorts::clock(std::string_view device, double seconds) const {
    const std::lock_guard lock(kept_->mutex);
    const auto of = [&](std::string_view name) -> ClockReading {
        const auto in = std::ranges::find(kept_->ins, name, [](const auto& each) { return each->port().device; });
        return in == kept_->ins.end() ? ClockReading() : (*in)->facts(seconds).clock;
    };
    if (!device.empty())
        return of(device);
    if (const ClockReading same = of(kept_->ticking); same.there)
        return same;
    for (const auto& each : kept_->ins) {
        if (const ClockReading other = each->facts(seconds).clock; other.there) {
            kept_->ticking = each->port().device;
            return other;
        }
    }
    return {};
}

} // namespace atelier::inputs
