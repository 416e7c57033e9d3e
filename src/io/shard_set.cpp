// SPDX-License-Identifier: Apache-2.0
#include "io/shard_set.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "base/error.h"
#include "base/sha256.h"
#include "io/pickle_value.h"

namespace atelier::io {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t piece = 4U << 20U; // bytes read at once for a checksum
constexpr std::size_t most_threads = 4;    // shared file systems answer several faster than one

constexpr const char* remedy = "copy it anew from where the set was made";

// Of all shards and dataset.json.
std::vector<const Shard*> files_of(const ShardIndex& index) {
    std::vector<const Shard*> files;
    for (const Shard& shard : index.shards) {
        files.push_back(&shard);
    }
    if (index.description) {
        files.push_back(&*index.description);
    }
    return files;
}

// Of a file that can't be read, without its name.
std::string reason_of(const Error& error, const fs::path& path) {
    const std::string text = error.what(), prefix = path.string() + ": ";
    return fmt::format("{}; {}", text.starts_with(prefix) ? text.substr(prefix.size()) : text, remedy);
}

// Empty: it is there and has its size.
std::string size_trouble(const fs::path& path, const Shard& shard) {
    std::error_code error;
    if (!fs::exists(path, error)) {
        return fmt::format("is missing, though {} names it; {}", shard_index_name, remedy);
    }
    try {
        const InputFile file(path);
        return file.size() == shard.bytes ? ""
                                          : fmt::format("has {} bytes, but {} says {}; {}", file.size(),
                                                        shard_index_name, shard.bytes, remedy);
    } catch (const Error& failed) {
        return reason_of(failed, path);
    }
}

// Whatever, if given up.
std::string sum_of(const InputFile& file, const std::atomic<bool>& given_up) {
    Sha256 sum;
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(std::min(piece, file.size())));
    for (std::uint64_t at = 0; at < file.size() && !given_up; at += piece) {
        const std::uint64_t count = std::min(piece, file.size() - at);
        file.read_at(at, bytes.data(), count);
        sum.add(bytes.data(), static_cast<std::size_t>(count));
    }
    return sum.finish();
}

// Empty: they are the bytes of which the index has the sum.
std::string sum_trouble(const fs::path& path, const Shard& shard, const std::atomic<bool>& given_up) {
    try {
        return sum_of(InputFile(path), given_up) == shard.sha256 || given_up
                   ? ""
                   : fmt::format("is damaged: its bytes are not those whose SHA-256 stands in {}; {}", shard_index_name,
                                 remedy);
    } catch (const Error& failed) {
        return reason_of(failed, path);
    }
}

// Threads that read, while the caller tells how far they are.
class Sums {
public:
    Sums(const fs::path& folder, std::vector<const Shard*> files)
        : folder_(folder), files_(std::move(files)), troubles_(files_.size()) {
        const std::size_t count = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, most_threads);
        for (std::size_t i = 0; i < std::min(count, files_.size()); ++i) {
            threads_.emplace_back([this] { work(); });
        }
    }
    ~Sums() { given_up_ = true; }
    Sums(const Sums&) = delete;
    Sums& operator=(const Sums&) = delete;

    std::vector<std::string> wait(const ShardProgress& progress) {
        std::unique_lock lock(mutex_);
        while (done_ < files_.size()) {
            const std::size_t done = done_;
            lock.unlock();
            if (progress) {
                progress(fmt::format("checking the shards, {} of {}", done, files_.size()));
            }
            lock.lock();
            changed_.wait_for(lock, std::chrono::milliseconds(200), [&] { return done_ != done; });
        }
        return troubles_;
    }

private:
    void work() {
        for (std::size_t i = next_++; i < files_.size() && !given_up_; i = next_++) {
            std::string trouble = sum_trouble(folder_ / files_[i]->file, *files_[i], given_up_);
            const std::lock_guard lock(mutex_);
            troubles_[i] = std::move(trouble);
            ++done_;
            changed_.notify_all();
        }
    }

    fs::path folder_;
    std::vector<const Shard*> files_;
    std::atomic<std::size_t> next_ = 0;
    std::atomic<bool> given_up_ = false;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t done_ = 0;
    std::vector<std::string> troubles_; // by file
    std::vector<std::jthread> threads_; // last: they end first
};

} // namespace

Shard shard_facts(const fs::path& file, const std::string& name) {
    const InputFile open(file);
    return {name, 0, open.size(), sum_of(open, false)};
}

std::vector<ShardTrouble> shard_troubles(const fs::path& folder, const ShardIndex& index, bool sums,
                                         const ShardProgress& progress, ShardShare share) {
    std::vector<ShardTrouble> troubles;
    std::vector<const Shard*> there;
    std::size_t number = 0;
    for (const Shard* file : files_of(index)) {
        const bool mine = number++ % share.of == share.one;
        if (std::string trouble = size_trouble(folder / file->file, *file); !trouble.empty()) {
            troubles.push_back({folder / file->file, std::move(trouble)});
        } else if (mine) {
            there.push_back(file);
        }
    }
    if (sums) {
        const std::vector<std::string> found = Sums(folder, there).wait(progress);
        for (std::size_t i = 0; i < found.size(); ++i) {
            if (!found[i].empty()) {
                troubles.push_back({folder / there[i]->file, found[i]});
            }
        }
    }
    return troubles;
}

void check_shards(const fs::path& folder, const ShardIndex& index, bool sums, const ShardProgress& progress,
                  ShardShare share) {
    std::vector<ShardTrouble> troubles = shard_troubles(folder, index, false, progress);
    if (troubles.empty() && sums) { // what is missing is told at once, and not after an hour of reading the others
        troubles = shard_troubles(folder, index, true, progress, share);
    }
    if (troubles.empty()) {
        return;
    }
    const std::size_t more = troubles.size() - 1;
    fail("{}: {}.{}", troubles.front().file.string(), troubles.front().what,
         more == 0 ? ""
                   : fmt::format(" {} more file{} of the set {} not whole; 'atelier dataset check {}' names all.", more,
                                 more == 1 ? "" : "s", more == 1 ? "is" : "are", folder.string()));
}

ShardSet::ShardSet(const fs::path& folder) : folder_(folder), index_(read_shard_index(folder)) {
    check_shards(folder_, index_, false, {});
    for (const Shard& shard : index_.shards) {
        paths_.push_back(folder_ / shard.file);
        zips_.push_back(std::make_unique<const ZipFile>(paths_.back()));
        const ZipEntries& entries = zips_.back()->entries();
        if (entries.size() != shard.pictures) {
            fail("{}: holds {} pictures, but {} says {}; {}.", paths_.back().string(), entries.size(), shard_index_name,
                 shard.pictures, remedy);
        }
        for (const auto& [name, entry] : entries) {
            const auto [place, fresh] = where_.try_emplace(name, zips_.size() - 1);
            if (!fresh) {
                fail("{}: '{}' is in {} as well; shards of one set have no picture in common.", paths_.back().string(),
                     printable(name), paths_[place->second].string());
            }
        }
    }
}

std::vector<std::string> ShardSet::names() const {
    std::vector<std::string> names;
    names.reserve(where_.size());
    for (const auto& [name, shard] : where_) {
        names.emplace_back(name);
    }
    return names;
}

std::size_t ShardSet::find(const std::string& name) const {
    const auto found = where_.find(name);
    if (found == where_.end()) {
        fail("{}: no shard has '{}'.", folder_.string(), printable(name));
    }
    return found->second;
}

const ZipFile& ShardSet::shard_of(const std::string& name) const {
    return *zips_[find(name)];
}

const fs::path& ShardSet::path_of(const std::string& name) const {
    return paths_[find(name)];
}

} // namespace atelier::io
