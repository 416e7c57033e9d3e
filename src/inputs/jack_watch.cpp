// SPDX-License-Identifier: Apache-2.0
#include "inputs/jack_watch.h"

#include <atomic>
#include <mutex>
#include <string_view>
#include <utility>

#include <jack/jack.h>

#include "inputs/jack_users.h"
#include "inputs/midi_names.h"

namespace atelier::inputs {
namespace {
void say_nothing(const char*) {}
} // namespace

struct JackWatch::Kept {
    std::function<void()> on_news;
    jack_client_t* client = nullptr;
    std::atomic<bool> ended = false;
    std::mutex mutex;
    std::vector<std::string> gone;
    std::uint64_t users = 0; // those before it may have clients of a server that has ended

    void close() {
        if (client)
            jack_client_close(std::exchange(client, nullptr));
        ended = false;
        const std::lock_guard lock(mutex);
        gone.clear();
    }
    static void shut_down(void* self) {
        static_cast<Kept*>(self)->ended = true;
        static_cast<Kept*>(self)->on_news();
    }
    static void registered(jack_port_id_t port, int is_new, void* self) {
        auto& kept = *static_cast<Kept*>(self);
        if (is_new == 0) {
            const jack_port_t* of = jack_port_by_id(kept.client, port);
            const char* name = of ? jack_port_name(of) : nullptr;
            const std::lock_guard lock(kept.mutex);
            if (name && kept.gone.size() < 4096)
                kept.gone.emplace_back(name);
        }
        kept.on_news();
    }
};

JackWatch::JackWatch(std::function<void()> on_news) : kept_(std::make_unique<Kept>()) {
    kept_->on_news = std::move(on_news);
    // The library's own words about each server that isn't there; they are for the whole program.
    jack_set_error_function(say_nothing);
    jack_set_info_function(say_nothing);
}

JackWatch::~JackWatch() {
    kept_->close();
}

bool JackWatch::there() const {
    return kept_->client && !kept_->ended;
}

void JackWatch::leave() {
    if (kept_->client)
        kept_->users = JackUser::next();
    kept_->close();
}

bool JackWatch::look() {
    if (kept_->client)
        return !kept_->ended;
    if (JackUser::any_before(kept_->users))
        return false;
    jack_status_t status{};
    kept_->client = jack_client_open(midi_client, JackNoStartServer, &status);
    if (!kept_->client)
        return false;
    jack_on_shutdown(kept_->client, Kept::shut_down, kept_.get());
    jack_set_port_registration_callback(kept_->client, Kept::registered, kept_.get());
    if (jack_activate(kept_->client) != 0)
        kept_->close();
    return kept_->client != nullptr;
}

std::vector<std::string> JackWatch::ports(Which which) const {
    std::vector<std::string> out;
    if (!kept_->client || kept_->ended)
        return out;
    // JACK calls what an application reads from an output.
    const char** names = jack_get_ports(kept_->client, nullptr, JACK_DEFAULT_MIDI_TYPE,
                                        which == Which::say ? JackPortIsOutput : JackPortIsInput);
    for (std::size_t i = 0; names && names[i]; ++i)
        out.emplace_back(names[i]);
    if (names)
        jack_free(names);
    return out;
}

bool JackWatch::heard_by_us(const std::string& port) const {
    const jack_port_t* of = kept_->client && !kept_->ended ? jack_port_by_name(kept_->client, port.c_str()) : nullptr;
    const char** names = of ? jack_port_get_all_connections(kept_->client, of) : nullptr;
    bool found = false;
    for (std::size_t i = 0; names && names[i]; ++i)
        found |= std::string_view(names[i]).starts_with(midi_client);
    if (names)
        jack_free(names);
    return found;
}

std::vector<std::string> JackWatch::take_gone() {
    const std::lock_guard lock(kept_->mutex);
    return std::exchange(kept_->gone, {});
}

} // namespace atelier::inputs
