// SPDX-License-Identifier: Apache-2.0
// ParameterMirror: what the studio tells the network of its parameters, and what the network wants of them. One thread,
// the studio's, describes, tells and takes; any number of others look and ask. Nobody waits longer than for a copy of
// some numbers.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace atelier::net {

enum class ParameterKind {
    number,
    whole,   // whole numbers alone
    choice,  // the number of one of `names`
    toggle,  // 0 or 1
    trigger, // something that happens; it has no value
};

struct MirroredParameter {
    std::string id; // "truncation.psi"
    std::string label{}, unit{}, tooltip{};
    double min = 0, max = 1, standard = 0;
    ParameterKind kind = ParameterKind::number;
    std::vector<std::string> names{}; // of a choice, as files have them
    bool open = true;                 // the network may set it
    bool fact = false;                // it is told alone: the beat, pictures per second
    bool operator==(const MirroredParameter&) const = default;
};

// "truncation.psi" -> "/truncation/psi"; what OSC keeps for patterns and the like becomes '~'.
std::string osc_path_of(std::string_view id);

// All of them at one time; it never changes.
class ParameterTable {
public:
    explicit ParameterTable(std::vector<MirroredParameter> all);

    const std::vector<MirroredParameter>& all() const { return all_; }
    const std::string& path(std::size_t index) const { return paths_[index]; }
    // By "/truncation/psi" or "/truncation.psi"; what is triggered also as a verb: "/atelier/play" for
    // "transport.play".
    std::optional<std::size_t> find(std::string_view address) const;

private:
    std::vector<MirroredParameter> all_;
    std::vector<std::string> paths_;
    std::unordered_map<std::string, std::size_t> by_address_;
};

struct RemoteChange {
    std::string id;
    double value = 0; // within the parameter's range
    int pulls = 0;    // of a trigger
};

enum class SetResult {
    taken,
    clamped, // and taken
    closed,  // nobody may set it from outside
    not_finite,
    full, // it was pulled as often as fits until the studio looks
};

inline constexpr int most_pulls = 4; // of one trigger, until the studio takes them

class ParameterMirror {
public:
    struct View {
        std::shared_ptr<const ParameterTable> table; // never null
        std::vector<double> values;                  // of each; 0 of triggers
        std::uint64_t changes = 0;                   // counts up with each change of values or table
    };

    ParameterMirror();

    // --- the studio
    // Another table. values: of each; none: the standard ones until they are told.
    void describe(std::vector<MirroredParameter> all, std::vector<double> values = {});
    void tell(std::span<const double> values);    // of each, in the table's order
    void close(bool closed) { closed_ = closed; } // to all: nothing can be set, all can be looked at
    // In the order in which each came last.
    std::vector<RemoteChange> take();

    // --- the others
    View view() const;
    std::shared_ptr<const ParameterTable> table() const;
    std::uint64_t changes() const { return changes_; }
    bool closed() const { return closed_; }
    // Latest wins. Of a trigger: it is pulled once, whatever the value. index: of that table.
    SetResult set(const ParameterTable& table, std::size_t index, double value);

private:
    struct Waiting {
        RemoteChange change;
        std::uint64_t last = 0; // when it came, counted
    };
    mutable std::mutex mutex_;
    std::shared_ptr<const ParameterTable> table_;
    std::vector<double> values_;
    std::vector<Waiting> waiting_; // at most one for each parameter
    std::unordered_map<std::string, std::size_t> place_of_;
    std::uint64_t asked_ = 0;
    std::atomic<std::uint64_t> changes_ = 0;
    std::atomic<bool> closed_ = false;
};

} // namespace atelier::net
