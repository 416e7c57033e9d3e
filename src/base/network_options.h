// SPDX-License-Identifier: Apache-2.0
// NetworkOptions: which of OSC, OSCQuery and Art-Net are on, and where. Plain values that cross between settings, panel
// and network.
#pragma once

#include <string>

namespace atelier {

// Addresses are numbers, "127.0.0.1" for the machine itself and "0.0.0.0" for all that it has. Ports: 1..65535; 0,
// where something is listened to: one that is free.
struct NetworkOptions {
    bool osc = false;
    std::string osc_address = "127.0.0.1";
    int osc_port = 9000;
    bool query = false; // OSCQuery and the page for browsers
    std::string query_address = "127.0.0.1";
    int query_port = 9080;
    bool query_may_set = false; // what comes to that port sets parameters
    bool artnet = false;
    std::string artnet_address = "127.0.0.1";
    int artnet_port = 6454;
    int artnet_universe = 0;  // the first, 0..32767
    int artnet_universes = 1; // 1..16
    bool out = false;
    std::string out_address = "127.0.0.1"; // that is sent to
    int out_port = 9001;
    bool operator==(const NetworkOptions&) const = default;
};

} // namespace atelier
