// SPDX-License-Identifier: Apache-2.0
#include "io/safetensors_header.h"

#include <algorithm>
#include <limits>
#include <set>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "io/pickle_value.h"

namespace atelier::io {

namespace {

constexpr std::size_t max_name = 512;
constexpr std::size_t max_rank = 8;

// Receives the parser's events one by one: the header has one fixed shape, so nothing else is ever built.
class HeaderEvents : public nlohmann::json_sax<nlohmann::json> {
public:
    SafetensorsHeader header;

    bool null() override { return unexpected("null"); }
    bool boolean(bool) override { return unexpected("a boolean"); }
    bool number_integer(number_integer_t) override { return unexpected("a negative number"); }
    bool number_float(number_float_t, const string_t& text) override {
        return unexpected("the number " + printable(text));
    }
    bool binary(binary_t&) override { return unexpected("binary data"); }

    bool number_unsigned(number_unsigned_t value) override {
        if (place_ == Place::offsets && offsets_ < 2) {
            (offsets_ == 0 ? entry_.begin : entry_.end) = value;
            ++offsets_;
            return true;
        }
        if (place_ == Place::shape) {
            if (entry_.shape.size() >= max_rank) {
                fail("tensor {} in the safetensors header has more than {} dimensions", printable(entry_.name),
                     max_rank);
            }
            if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
                return unexpected(fmt::format("the number {}", value));
            }
            entry_.shape.push_back(static_cast<std::int64_t>(value));
            return true;
        }
        return unexpected(fmt::format("the number {}", value));
    }

    bool string(string_t& value) override {
        if (place_ == Place::metadata) {
            if (!header.metadata.emplace(key_, value).second) {
                fail("the metadata in the safetensors header has the duplicate key {}", printable(key_));
            }
            return true;
        }
        if (place_ == Place::entry && key_ == "dtype") {
            entry_.dtype = value;
            return true;
        }
        return unexpected("the string " + printable(value));
    }

    bool start_object(std::size_t) override {
        if (place_ == Place::outside) {
            place_ = Place::top;
            return true;
        }
        if (place_ != Place::top) {
            return unexpected("an object");
        }
        if (key_ == "__metadata__") {
            place_ = Place::metadata;
        } else {
            place_ = Place::entry;
            entry_ = {};
            entry_.name = key_;
            fields_.clear();
            offsets_ = 0;
        }
        return true;
    }

    bool key(string_t& value) override {
        if (place_ == Place::top && (value.empty() || value.size() > max_name)) {
            fail("a tensor name in the safetensors header has {} bytes; 1 to {} make sense", value.size(), max_name);
        }
        if (place_ == Place::top && !names_.insert(value).second) {
            fail("the safetensors header has a duplicate entry {}", printable(value));
        }
        if (place_ == Place::entry && !fields_.insert(value).second) {
            fail("tensor {} in the safetensors header has a duplicate {}", printable(entry_.name), printable(value));
        }
        key_ = value;
        return true;
    }

    bool start_array(std::size_t) override {
        if (place_ == Place::entry && key_ == "shape") {
            place_ = Place::shape;
            return true;
        }
        if (place_ == Place::entry && key_ == "data_offsets") {
            place_ = Place::offsets;
            return true;
        }
        return unexpected("an array");
    }

    bool end_array() override {
        place_ = Place::entry;
        return true;
    }

    bool end_object() override {
        if (place_ == Place::entry) {
            if (entry_.dtype.empty() || !fields_.contains("shape") || offsets_ != 2) {
                fail("tensor {} in the safetensors header lacks its dtype, shape or two data offsets",
                     printable(entry_.name));
            }
            header.entries.push_back(std::move(entry_));
        }
        place_ = place_ == Place::top ? Place::outside : Place::top;
        return true;
    }

    bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception&) override {
        fail("the safetensors header is not valid JSON, or has a number out of range, at byte {}", position);
    }

private:
    enum class Place { outside, top, metadata, entry, shape, offsets };

    [[noreturn]] bool unexpected(const std::string& what) const {
        if (place_ == Place::outside) {
            fail("the safetensors header is {}, not an object", what);
        }
        if (place_ == Place::top || place_ == Place::metadata) {
            fail("the safetensors header has {} for the key {}", what, printable(key_));
        }
        fail("tensor {} in the safetensors header has {} in its {}", printable(entry_.name), what, printable(key_));
    }

    Place place_ = Place::outside;
    std::string key_;
    SafetensorsEntry entry_;
    std::set<std::string> fields_;
    std::set<std::string> names_;
    int offsets_ = 0;
};

void check_size(const SafetensorsEntry& entry) {
    const int item = safetensors_item_size(entry.dtype);
    if (item == 0) {
        fail("tensor {} has the dtype {}, which is not read (F64 F32 F16 BF16 I64 I32 I16 I8 U8 BOOL are)",
             printable(entry.name), printable(entry.dtype));
    }
    std::uint64_t bytes = static_cast<std::uint64_t>(item);
    bool too_large = false;
    bool empty = false;
    for (const std::int64_t size : entry.shape) {
        empty |= size == 0;
        too_large |= __builtin_mul_overflow(bytes, static_cast<std::uint64_t>(std::max<std::int64_t>(size, 1)), &bytes);
    }
    // torch counts elements with a sign
    if (too_large || bytes > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        fail("tensor {} has a shape that no file can hold", printable(entry.name));
    }
    if (entry.end < entry.begin || entry.end - entry.begin != (empty ? 0 : bytes)) {
        fail("tensor {} has data offsets {} to {}, but its shape and dtype need {} bytes", printable(entry.name),
             entry.begin, entry.end, empty ? 0 : bytes);
    }
}

} // namespace

int safetensors_item_size(std::string_view dtype) {
    if (dtype == "F64" || dtype == "I64")
        return 8;
    if (dtype == "F32" || dtype == "I32")
        return 4;
    if (dtype == "F16" || dtype == "BF16" || dtype == "I16")
        return 2;
    if (dtype == "I8" || dtype == "U8" || dtype == "BOOL")
        return 1;
    return 0;
}

SafetensorsHeader parse_safetensors_header(std::string_view json, std::uint64_t data_bytes) {
    HeaderEvents events;
    if (!nlohmann::json::sax_parse(json.begin(), json.end(), &events)) {
        fail("the safetensors header is not valid JSON");
    }
    SafetensorsHeader header = std::move(events.header);
    std::stable_sort(header.entries.begin(), header.entries.end(), [](const auto& a, const auto& b) {
        return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
    });
    std::uint64_t covered = 0;
    for (const SafetensorsEntry& entry : header.entries) {
        check_size(entry);
        if (entry.end > data_bytes) {
            fail("tensor {} ends at data offset {}, but the file has {} bytes of data (truncated file?)",
                 printable(entry.name), entry.end, data_bytes);
        }
        if (entry.begin != covered) {
            fail("tensor {} begins at data offset {}, {} the tensor before it, which ends at {}", printable(entry.name),
                 entry.begin, entry.begin < covered ? "so it would overlap" : "so it leaves a gap after", covered);
        }
        covered = entry.end;
    }
    if (covered != data_bytes) {
        fail("has {} trailing bytes after the last tensor of the safetensors header", data_bytes - covered);
    }
    return header;
}

} // namespace atelier::io
