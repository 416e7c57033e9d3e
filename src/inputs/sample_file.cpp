// SPDX-License-Identifier: Apache-2.0
#include "inputs/sample_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

#include <sys/mman.h>
#include <unistd.h>

#include "base/disk_space.h"
#include "base/error.h"

namespace atelier::inputs {
namespace {

constexpr std::size_t piece = 8U << 20U; // samples, between two looks at the disk's room
constexpr std::size_t page = 4096;       // bytes; larger ones are fetched several times

} // namespace

std::filesystem::path sample_folder() {
    const char* told = std::getenv("TMPDIR");
    return told != nullptr && *told != '\0' ? told : "/var/tmp";
}

SampleFile::SampleFile(std::filesystem::path folder) : folder_(std::move(folder)) {
    std::string name = (folder_ / "atelier-song-XXXXXX").string();
    file_ = OwnedFd(mkstemp(name.data()));
    if (!file_) {
        fail("{}: takes no file for a long song: {}.", folder_.string(), std::strerror(errno));
    }
    unlink(name.c_str());
}

SampleFile::~SampleFile() {
    if (samples_ != nullptr) {
        munmap(const_cast<std::int16_t*>(samples_), count_ * sizeof(std::int16_t));
    }
}

void SampleFile::add(std::span<const std::int16_t> samples) {
    if (waiting_.size() + samples.size() < piece) {
        waiting_.insert(waiting_.end(), samples.begin(), samples.end());
        return;
    }
    write(waiting_);
    waiting_.clear();
    write(samples);
}

void SampleFile::write(std::span<const std::int16_t> samples) {
    const auto bytes = static_cast<double>(samples.size_bytes());
    if (const double free = free_bytes_at(folder_); free >= 0 && free < spared + bytes) {
        fail("{}: has no room for a long song: {} are free, of which {} stay so.", folder_.string(), bytes_text(free),
             bytes_text(spared));
    }
    const char* from = reinterpret_cast<const char*>(samples.data());
    for (std::size_t left = samples.size_bytes(); left > 0;) {
        const ssize_t written = ::write(file_.get(), from, left);
        if (written < 0 && errno != EINTR) {
            fail("{}: a long song can't be written there: {}.", folder_.string(), std::strerror(errno));
        }
        from += std::max<ssize_t>(written, 0);
        left -= static_cast<std::size_t>(std::max<ssize_t>(written, 0));
    }
    count_ += samples.size();
}

void SampleFile::finish() {
    write(waiting_);
    std::vector<std::int16_t>().swap(waiting_);
    if (count_ == 0) {
        return;
    }
    void* there = mmap(nullptr, count_ * sizeof(std::int16_t), PROT_READ, MAP_SHARED, file_.get(), 0);
    if (there == MAP_FAILED) {
        fail("{}: a long song can't be read there: {}.", folder_.string(), std::strerror(errno));
    }
    samples_ = static_cast<const std::int16_t*>(there);
}

void SampleFile::fetch(std::size_t first, std::size_t count) const {
    const std::size_t end = std::min(count_, first + count);
    for (std::size_t at = first; at < end; at += page / sizeof(std::int16_t)) {
        static_cast<void>(*const_cast<const volatile std::int16_t*>(samples_ + at));
    }
}

} // namespace atelier::inputs
