// SPDX-License-Identifier: Apache-2.0
#include "io/npy_header.h"

#include <charconv>
#include <optional>
#include <string>

#include "base/error.h"
#include "io/pickle_value.h"

namespace atelier::io {
namespace {

constexpr std::size_t most_dimensions = 8;

class HeaderText {
public:
    explicit HeaderText(std::string_view text) : text_(text) {}

    bool at_end() {
        skip_space();
        return text_.empty();
    }
    bool next_is(char wanted) {
        skip_space();
        return !text_.empty() && text_.front() == wanted;
    }
    bool take(char wanted) {
        if (!next_is(wanted)) {
            return false;
        }
        text_.remove_prefix(1);
        return true;
    }
    void need(char wanted) {
        if (!take(wanted)) {
            broken();
        }
    }
    std::string_view quoted() {
        const char quote = next_is('"') ? '"' : '\'';
        need(quote);
        const std::size_t end = text_.find(quote);
        if (end == std::string_view::npos) {
            broken();
        }
        return cut(end, end + 1);
    }
    bool boolean() {
        skip_space();
        const bool yes = text_.starts_with("True");
        if (!yes && !text_.starts_with("False")) {
            broken();
        }
        text_.remove_prefix(yes ? 4 : 5);
        return yes;
    }
    std::int64_t number() {
        skip_space();
        std::int64_t value = -1;
        const auto [end, problem] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
        if (problem != std::errc() || value < 0) {
            broken();
        }
        text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
        take('L'); // Python 2 wrote long integers so
        return value;
    }
    [[noreturn]] static void broken() { fail("has a header that numpy does not write (damaged, or no .npy file)"); }

private:
    void skip_space() {
        while (!text_.empty() && (text_.front() == ' ' || text_.front() == '\n')) {
            text_.remove_prefix(1);
        }
    }
    std::string_view cut(std::size_t length, std::size_t drop) {
        const std::string_view part = text_.substr(0, length);
        text_.remove_prefix(drop);
        return part;
    }

    std::string_view text_;
};

int item_size_of(std::string_view descr) {
    if (descr.find('O') != std::string_view::npos) {
        fail("holds Python objects, which are never read; save an array of float32");
    }
    for (const int size : {2, 4, 8}) {
        if (descr == fmt::format("<f{}", size)) {
            return size;
        }
    }
    fail("has the dtype '{}'; arrays of little-endian float16, float32 and float64 (<f2, <f4, <f8) are read",
         printable(descr));
}

std::vector<std::int64_t> shape_of(HeaderText& text) {
    std::vector<std::int64_t> shape;
    text.need('(');
    while (!text.take(')')) {
        shape.push_back(text.number());
        if (shape.size() > most_dimensions) {
            fail("has more than {} dimensions", most_dimensions);
        }
        if (!text.take(',') && !text.next_is(')')) {
            HeaderText::broken();
        }
    }
    return shape;
}

std::uint64_t count_items(const std::vector<std::int64_t>& shape, std::uint64_t most) {
    std::uint64_t items = 1;
    for (const std::int64_t size : shape) {
        if (size == 0) {
            fail("holds an empty array");
        }
        if (static_cast<std::uint64_t>(size) > most / items) {
            fail("has a shape of more items than the file holds (truncated file?)");
        }
        items *= static_cast<std::uint64_t>(size);
    }
    return items;
}

} // namespace

NpyHeader parse_npy_header(std::string_view source, std::uint64_t most_items) {
    HeaderText text(source);
    NpyHeader header;
    std::optional<int> item_size;
    std::optional<bool> fortran_order;
    std::optional<std::vector<std::int64_t>> shape;
    text.need('{');
    while (!text.take('}')) {
        const std::string_view key = text.quoted();
        text.need(':');
        if (key == "descr" && !item_size) {
            if (text.next_is('[')) {
                fail("holds records of several fields; save a plain array of float32");
            }
            item_size = item_size_of(text.quoted());
        } else if (key == "fortran_order" && !fortran_order) {
            fortran_order = text.boolean();
        } else if (key == "shape" && !shape) {
            shape = shape_of(text);
        } else {
            HeaderText::broken();
        }
        if (!text.take(',') && !text.next_is('}')) {
            HeaderText::broken();
        }
    }
    if (!text.at_end() || !item_size || !fortran_order || !shape) {
        HeaderText::broken();
    }
    header.item_size = *item_size;
    header.fortran_order = *fortran_order;
    header.shape = std::move(*shape);
    header.items = count_items(header.shape, most_items);
    return header;
}

} // namespace atelier::io
