// SPDX-License-Identifier: Apache-2.0
// WorkFolder: what is done so far of a set, beside its target, so that an interrupted run goes on where it was.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "prepare/finding.h"
#include "prepare/options.h"
#include "prepare/sources.h"

namespace atelier::prepare {

class WorkFolder {
public:
    // Makes the folder; takes a lock in it. Throws Error naming the path if it can't, if another run works in it, or if
    // there is anything else in it.
    explicit WorkFolder(std::filesystem::path path);
    ~WorkFolder();
    WorkFolder(const WorkFolder&) = delete;
    WorkFolder& operator=(const WorkFolder&) = delete;

    // Under which name a source's finding is kept: it changes with the file and with the options.
    static std::string key(const Source& source, const CutOptions& options);

    // Empty: not there yet, or damaged.
    std::optional<Finding> load(const std::string& key) const;
    void store(const std::string& key, const Finding& finding) const; // safe from any thread for different keys
    void remove();                                                    // with what was stored in it

    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
    int lock_ = -1;
};

} // namespace atelier::prepare
