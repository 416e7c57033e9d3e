// SPDX-License-Identifier: Apache-2.0
// NetworkLink: the studio's side of OSC, OSCQuery and Art-Net. It tells the network of every parameter that the table
// has, and does what comes back as a hand would. It knows no parameter by name. Part of Live, used by the UI thread.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "inputs/input_hub.h"
#include "inputs/net/network.h"
#include "studio/core/context.h"

namespace atelier::studio {

// Something to be told that is no parameter: the beat, pictures per second.
struct NetworkFact {
    std::string id; // "atelier.beat"
    std::string label{}, unit{}, tooltip{};
    bool whole = false;
    std::function<double()> value{}; // NaN: there is none now, and 0 is told
};

inline constexpr const char* network_section = "NETWORK"; // its heading

// What its panel remembers between two frames.
struct NetworkForm {
    std::string filter;  // of the parameters that can be closed
    std::string targets; // of those that a source can be connected to
    bool list_open = true, closed_open = false;
    std::array<bool, 4> editing{};     // where OSC in, OSCQuery, Art-Net and OSC out are to be
    std::vector<net::TrafficRow> rows; // as they were read last
    double read_at = -1;               // steady_seconds()
};

class NetworkLink {
public:
    NetworkLink(StudioContext& context, inputs::InputHub& hub);

    // Once a turn. True if something was set from outside. Triggers that were pulled are added to `due`.
    bool turn(double seconds, std::vector<ParameterRef>& due);
    // True, some times a second, while its panel is open and what it shows may have changed.
    bool tick(double seconds);
    // Something comes in or goes out, so that turns should come as fast as pictures.
    bool active() const { return network.listens() || network.out().on; }

    StudioContext& context;
    std::vector<NetworkFact> facts; // set before the first turn
    net::Network network;
    NetworkForm form;

private:
    void follow_settings(double seconds);
    void tell();
    void collect();
    std::vector<net::MirroredParameter> described() const;
    bool same_parameters() const;
    bool take(std::vector<ParameterRef>& due);

    NetworkOptions wanted_; // as the settings had them at the last turn
    double rested_ = 0;     // since they changed, seconds
    bool told_ = false;     // the mirror has a table
    double shown_ = 0;      // since its panel was drawn anew, seconds

    // Of the table that the mirror has.
    struct Slider {
        std::string name, method;
        int index = 0;
        bool operator==(const Slider&) const = default;
    };
    std::vector<ParameterRef> refs_; // facts come behind them
    std::unordered_map<std::string, ParameterRef> by_id_;
    std::vector<Slider> sliders_;
    std::vector<std::string> closed_;
    std::vector<double> values_, fresh_;
};

} // namespace atelier::studio
