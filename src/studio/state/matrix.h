// SPDX-License-Identifier: Apache-2.0
// Matrix: the connections at work. From what sources have said in a turn it makes what a hand would have set, what is
// added to parameters, and what is triggered. It knows no device, no panel and no parameter by name. Pure: what comes
// out depends on what went in alone.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/source_reading.h"
#include "studio/state/live_state.h"
#include "studio/state/parameters.h"
#include "studio/state/response.h"

namespace atelier::studio {

struct MatrixTurn {
    std::span<const SourceReading> news; // since the turn before
    double seconds = 0;                  // since the turn before
    // What the control shows now; none of the targets changes while it is asked.
    std::function<double(ParameterRef)> value{};
    std::optional<ParameterRef> held{}; // by a hand
};

struct MatrixEffects {
    struct Set {
        ParameterRef which;
        double value = 0; // in range
    };
    std::vector<Set> set;             // each parameter once at the most
    std::vector<Modulated> modulated; // all of now, each parameter once, in the order of the connections
    std::vector<ParameterRef> pulled; // triggers, in the order of the connections
    bool moving = false;              // something is on its way without news
};

class Matrix {
public:
    MatrixEffects advance(const std::vector<Connection>& connections, const Scene& scene, const MatrixTurn& turn);

    // For the panel. 0..1: what the connection makes of its source, before the range; none: it has heard nothing.
    std::optional<double> meter(const Connection& connection) const;
    bool waits_for_take_over(const Connection& connection) const;
    // Of a source; null: it has said nothing.
    const SourceReading* last(std::string_view source) const;

private:
    struct Running {
        Envelope envelope;
        bool begun = false, caught = false;
        double level = 0; // smoothed
        std::optional<double> put;
        std::optional<double> before; // from how far it has come to the control's value
        void let_go();                // somebody else moves the control
    };
    static std::string key_of(const Connection& connection);
    const Running* running(const Connection& connection) const;
    bool takes_hold(Running& run, const Connection& connection, ParameterRef which, double wanted, double shown,
                    bool news) const;

    struct Heard {
        SourceReading reading;
        std::uint64_t turn = 0; // that it came in
    };
    std::map<std::string, Heard, std::less<>> sources_;
    std::uint64_t turn_ = 0;
    std::map<std::string, Running, std::less<>> running_;
};

// The value at `level` 0..1 between from and to: by equal factors where the parameter is logarithmic.
double between(const Parameter& parameter, double from, double to, double level);

// A connection to begin with, over the range that the target's slider has; of a trigger or a switch, by hits.
Connection new_connection(const std::string& source, ParameterRef target, const std::string& id);

} // namespace atelier::studio
