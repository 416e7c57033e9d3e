// SPDX-License-Identifier: Apache-2.0
// SampleFile: samples that are too many for the memory, in a file without a name that goes with the program. They are
// read as if they lay in memory; the system holds of them what is being read, and lets go of the rest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "base/owned_fd.h"

namespace atelier::inputs {

class SampleFile {
public:
    // Throws Error naming the folder and the reason.
    explicit SampleFile(std::filesystem::path folder);
    ~SampleFile();
    SampleFile(const SampleFile&) = delete;
    SampleFile& operator=(const SampleFile&) = delete;

    // Throw Error: the disk is full, or would be but for `spared` bytes. Nothing is added after finish().
    void add(std::span<const std::int16_t> samples);
    void finish();

    std::span<const std::int16_t> samples() const { return {samples_, count_}; } // after finish()
    // For a thread that may wait: when it returns these are in memory, and readers won't wait for the disk.
    void fetch(std::size_t first, std::size_t count) const;

    static constexpr double spared = 512e6; // bytes that are left free on the disk

private:
    void write(std::span<const std::int16_t> samples);

    std::filesystem::path folder_;
    OwnedFd file_;
    std::vector<std::int16_t> waiting_;
    std::size_t count_ = 0; // written
    const std::int16_t* samples_ = nullptr;
};

// Where such files go: TMPDIR, or /var/tmp, since /tmp may itself lie in memory.
std::filesystem::path sample_folder();

} // namespace atelier::inputs
