// SPDX-License-Identifier: Apache-2.0
#include "io/jpeg_check.h"

#include "base/error.h"

namespace atelier::io {
namespace {

constexpr std::size_t most_codes = 256;

class Walk {
public:
    Walk(Bytes data, const std::string& name) : data_(data), name_(name) {}

    void run() {
        at_ = 2; // after the start of the image
        while (next_marker()) {
            const unsigned length = here(0) << 8U | here(1);
            if (marker_ == 0xc4) {
                check_tables(at_ + 2, at_ + length);
            }
            at_ += length < 2 ? 2 : length;
        }
    }

private:
    unsigned here(std::size_t offset) const { return at_ + offset < data_.size() ? data_[at_ + offset] : 0; }

    // To the length of the next segment. What stands before its marker - a scan's data, filling - is passed by, and
    // markers without a segment too.
    bool next_marker() {
        for (; at_ + 1 < data_.size(); ++at_) {
            const unsigned next = data_[at_ + 1];
            const bool alone = next == 0x00 || next == 0x01 || (next >= 0xd0 && next <= 0xd8);
            if (data_[at_] != 0xff || next == 0xff || alone) {
                continue;
            }
            marker_ = next;
            at_ += 2;
            return marker_ != 0xd9; // the end of the image
        }
        return false;
    }

    // One or more tables: class and number, 16 counts, the codes' values.
    void check_tables(std::size_t from, std::size_t end) const {
        while (from + 17 <= data_.size() && from < end) {
            std::size_t codes = 0;
            for (std::size_t i = 1; i <= 16; ++i) {
                codes += data_[from + i];
            }
            if (codes > most_codes) {
                fail("{}: is a damaged picture (a Huffman table of {} codes; there can be {})", name_, codes,
                     most_codes);
            }
            from += 17 + codes;
        }
    }

    Bytes data_;
    const std::string& name_;
    std::size_t at_ = 0;
    unsigned marker_ = 0;
};

} // namespace

void check_jpeg(Bytes data, const std::string& name) {
    Walk(data, name).run();
}

} // namespace atelier::io
