// SPDX-License-Identifier: Apache-2.0
// PickleWriter: the few opcodes of Python's pickle format that model files need, one call each. What is written names
// no code but the globals that it is given.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "io/byte_reader.h"

namespace atelier::io {

class PickleWriter {
public:
    // 2 for all that PyTorch reads by weights_only; 3 has bytes, too.
    explicit PickleWriter(int protocol);

    void none() { out_ += 'N'; }
    void boolean(bool value) { out_ += value ? '\x88' : '\x89'; }
    void integer(std::int64_t value);
    void real(double value);
    void text(std::string_view value);      // UTF-8
    void bytes(std::string_view value);     // protocol 3
    void json(const nlohmann::json& value); // whatever it is; its objects become plain dictionaries
    void global(std::string_view module, std::string_view name);

    // Containers: what lies between the first call and the last one.
    void begin() { out_ += '('; }                        // a mark
    void end_tuple() { out_ += 't'; }                    // everything since the mark
    void integers(std::span<const std::int64_t> values); // a tuple of them
    void empty_tuple() { out_ += ')'; }
    void empty_list() { out_ += ']'; }
    void append() { out_ += 'a'; } // to the list below
    void empty_dict() { out_ += '}'; }
    void set_item() { out_ += 's'; } // key and value, into the dictionary below
    void call() { out_ += 'R'; }     // global and tuple of arguments
    void build() { out_ += 'b'; }    // object and state
    void persistent() { out_ += 'Q'; }

    // Remembers what was written last under a name; recall() puts the same object in again.
    void remember(const std::string& name);
    bool knows(const std::string& name) const { return remembered_.contains(name); }
    void recall(const std::string& name);

    // An OrderedDict without entries, which set_item() fills; `collections.OrderedDict()`.
    void ordered_dict();

    std::string finish(); // the whole pickle

private:
    template <typename T> void put(T value) { out_.append(reinterpret_cast<const char*>(&value), sizeof(value)); }

    std::string out_;
    std::map<std::string, std::uint32_t> remembered_;
};

} // namespace atelier::io
