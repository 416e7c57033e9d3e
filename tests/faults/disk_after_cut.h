// SPDX-License-Identifier: Apache-2.0
// DiskAfterCut: what a disk may hold after a power cut, by the calls that came before. Contents are safe when their
// file was synced, names when their folder was; of the rest anything may be lost. For tests only.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "faults/failing_disk.h"

namespace atelier::faults {

class DiskAfterCut {
public:
    using Files = std::map<std::filesystem::path, std::string>;
    explicit DiskAfterCut(const Files& before); // safe on the disk

    void take(const DiskCall& call);
    // Each state that may be found: names as after each of the calls whose folder was not synced since, contents as
    // synced or as written.
    std::vector<Files> possible() const;

private:
    struct Content {
        std::string written, safe;
    };
    using Names = std::map<std::filesystem::path, std::uint64_t>;
    void apply(Names& names, const DiskCall& call) const;
    std::uint64_t number_of(const DiskCall& call);

    std::map<std::uint64_t, Content> contents_;
    std::map<std::uint64_t, std::uint64_t> by_inode_; // a number is used anew when its file is gone
    Names safe_, now_;
    std::vector<std::filesystem::path> made_; // folders, under every name they had: what is in one is lost with it
    std::vector<DiskCall> pending_;           // changes of names since their folder was synced
    std::uint64_t next_ = 1;
};

} // namespace atelier::faults
