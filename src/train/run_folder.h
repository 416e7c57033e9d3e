// SPDX-License-Identifier: Apache-2.0
// RunFolder: the files of one training run. options.json, log.txt, stats.jsonl, checkpoint.safetensors,
// snapshot-KKKKKK.safetensors, fakes and reals as PNG.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "io/file_lock.h"

namespace atelier::train {

class RunFolder {
public:
    // Both hold the folder for this program until the last copy goes, and throw Error while another program has it.
    //
    // Makes the folder. Throws Error if it can't be written to or already holds a run (a checkpoint).
    static RunFolder create(const std::filesystem::path& path);
    // An existing run; removes what an interrupted write left behind. Throws Error if there is no checkpoint in it.
    static RunFolder open(const std::filesystem::path& path);
    // Where another rank of this run writes: no files of it are touched, and none may be through this.
    static RunFolder beside(const std::filesystem::path& path) { return RunFolder(path, nullptr); }
    static bool holds_run(const std::filesystem::path& path);

    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path checkpoint() const { return path_ / "checkpoint.safetensors"; }
    std::filesystem::path snapshot(double kimg) const;
    std::filesystem::path picture(const std::string& name) const { return path_ / (name + ".png"); }
    std::vector<std::filesystem::path> snapshots() const; // oldest first

    void write_options(const nlohmann::ordered_json& options) const;
    void log(const std::string& line) const;
    void append_statistics(const nlohmann::ordered_json& line) const;
    // Keeps the first `ticks` whole lines of stats.jsonl: what came after the checkpoint comes again.
    void cut_statistics(std::int64_t ticks) const;
    void keep_newest_snapshots(int count) const; // 0: all

private:
    explicit RunFolder(std::filesystem::path path); // takes the lock
    RunFolder(std::filesystem::path path, std::shared_ptr<io::FileLock> lock)
        : path_(std::move(path)), lock_(std::move(lock)) {}
    void append(const char* name, const std::string& line) const;
    std::filesystem::path path_;
    std::shared_ptr<io::FileLock> lock_;
};

} // namespace atelier::train
