// SPDX-License-Identifier: Apache-2.0
#include "inputs/midi_names.h"

#include <algorithm>
#include <map>
#include <optional>
#include <regex>
#include <set>

#include <fmt/format.h>

#include "base/path_text.h"

namespace atelier::inputs {
namespace {

struct Parts {
    std::string name;   // of the device
    std::string group;  // the same for all ports of one device, and for no other device
    std::string detail; // the port's own name
    bool from_alsa = false;
};

std::string tidy(std::string text) {
    text = readable_text(text);
    for (char& each : text) {
        if (each == '/')
            each = '-';
        else if (static_cast<unsigned char>(each) < 32 || each == 127)
            each = ' ';
    }
    const auto first = text.find_first_not_of(" :"), last = text.find_last_not_of(" :");
    return first == std::string::npos ? std::string() : text.substr(first, last - first + 1);
}

Parts parts_of(const MidiPort& from) {
    static const std::regex alsa_numbers(R"( (\d+):(\d+)$)"), jack_number(R"(-\d\d$)"),
        direction(R"(\((capture|playback)(_\d+)?\))"), alsa_number(R"( \[(\d+)\])");
    Parts out;
    std::string text = from.port, number;
    std::smatch found;
    if (from.system == MidiSystem::alsa && std::regex_search(text, found, alsa_numbers)) {
        number = found[1];
        text = found.prefix();
    }
    std::size_t colon = text.find(':');
    std::string client = text.substr(0, colon);
    std::string port = colon == std::string::npos ? std::string() : text.substr(colon + 1);
    if (from.system == MidiSystem::jack) {
        out.group = client;
        if (std::regex_search(client, found, jack_number))
            client = found.prefix();
        if (client == "a2j" || client == "Midi-Bridge" ||
            client == "alsa_midi") { // ALSA's client is in the port's name
            out.from_alsa = true;
            std::string of_client = port;
            if (std::regex_search(port, found, direction)) {
                of_client = found.prefix();
                port = found.suffix();
            }
            client = of_client;
            if (std::regex_search(of_client, found, alsa_number)) {
                number = found[1];
                client = found.prefix();
            }
            out.group = of_client;
        } else if (client == "system") { // a device each
            port = std::regex_replace(port, std::regex("_(capture|playback)"), "");
            out.group = client = port;
        }
    } else {
        out.group = client + ":" + number;
    }
    out.name = tidy(client);
    if (out.name.empty())
        out.name = "MIDI";
    out.detail = tidy(port);
    if (out.detail.starts_with(out.name)) // most repeat it
        out.detail = tidy(out.detail.substr(out.name.size()));
    return out;
}

} // namespace

std::vector<NamedMidiPort> named_ports(const std::vector<MidiPort>& ports) {
    const bool alsa = std::ranges::find(ports, MidiSystem::alsa, &MidiPort::system) != ports.end();
    std::map<std::string, std::string> device_of; // by group
    std::set<std::string> devices, names;
    const auto free_name = [](const std::set<std::string>& taken, const std::string& wanted) {
        std::string name = wanted;
        for (int i = 2; taken.contains(name); ++i)
            name = fmt::format("{} {}", wanted, i);
        return name;
    };
    std::vector<NamedMidiPort> out;
    for (const MidiPort& each : ports) {
        const Parts parts = parts_of(each);
        if (parts.name == midi_client || (alsa && parts.from_alsa))
            continue;
        auto found = device_of.find(parts.group);
        const bool first = found == device_of.end();
        if (first)
            found = device_of.emplace(parts.group, *devices.insert(free_name(devices, parts.name)).first).first;
        const std::string wanted =
            first ? found->second : fmt::format("{} {}", found->second, parts.detail.empty() ? "port" : parts.detail);
        const std::string name = *names.insert(free_name(names, wanted)).first;
        out.push_back({each, name, found->second});
    }
    return out;
}

int output_for(const NamedMidiPort& input, const std::vector<NamedMidiPort>& outputs) {
    if (input.client.starts_with("Midi Through"))
        return -1;
    auto found = std::ranges::find(outputs, input.device, &NamedMidiPort::device);
    if (found == outputs.end())
        found = std::ranges::find(outputs, input.client, &NamedMidiPort::client);
    return found == outputs.end() ? -1 : static_cast<int>(found - outputs.begin());
}

} // namespace atelier::inputs
