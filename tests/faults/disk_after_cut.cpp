// SPDX-License-Identifier: Apache-2.0
#include "faults/disk_after_cut.h"

#include <algorithm>

namespace atelier::faults {
namespace fs = std::filesystem;
using Kind = DiskCall::Kind;
namespace {

constexpr std::uint64_t folder_number = 0;

bool is_within(const fs::path& name, const fs::path& folder) {
    return name == folder || name.string().starts_with(folder.string() + "/");
}

} // namespace

DiskAfterCut::DiskAfterCut(const Files& before) {
    for (const auto& [file, text] : before) {
        contents_[next_] = {text, text};
        safe_[file] = now_[file] = next_++;
    }
}

// A file that was there before is known by its name, one that was made since by its inode.
std::uint64_t DiskAfterCut::number_of(const DiskCall& call) {
    if (const auto named = now_.find(call.path); named != now_.end())
        return named->second;
    return by_inode_[call.inode];
}

void DiskAfterCut::apply(Names& names, const DiskCall& call) const {
    switch (call.kind) {
    case Kind::create: names[call.path] = call.offset; break; // its number, by take()
    case Kind::remove: names.erase(call.path); break;
    case Kind::link:
        if (names.contains(call.path))
            names[call.to] = names[call.path];
        break;
    case Kind::make_folder: names[call.path] = folder_number; break;
    case Kind::rename: { // a folder with all that is in it
        Names moved;
        for (const auto& [name, number] : names) {
            if (is_within(name, call.path))
                moved[call.to.string() + name.string().substr(call.path.string().size())] = number;
        }
        if (moved.empty()) // it never came so far
            break;
        std::erase_if(names, [&](const auto& each) {
            return is_within(each.first, call.path) || is_within(each.first, call.to);
        });
        names.merge(moved);
        break;
    }
    default: break;
    }
}

void DiskAfterCut::take(const DiskCall& call) {
    switch (call.kind) {
    case Kind::write: {
        std::string& text = contents_[number_of(call)].written;
        text.resize(std::max<std::size_t>(text.size(), call.offset + call.bytes.size()));
        text.replace(call.offset, call.bytes.size(), call.bytes);
        return;
    }
    case Kind::cut: contents_[number_of(call)].written.resize(call.offset); return;
    case Kind::sync: {
        Content& content = contents_[number_of(call)];
        content.safe = content.written;
        return;
    }
    case Kind::sync_folder: // what was changed in it is safe from now on
        std::erase_if(pending_, [&](const DiskCall& each) {
            const bool in = each.path.parent_path() == call.path || each.to.parent_path() == call.path;
            if (in)
                apply(safe_, each);
            return in;
        });
        return;
    case Kind::create:
    case Kind::rename:
    case Kind::link:
    case Kind::make_folder:
    case Kind::remove: {
        DiskCall change = call;
        if (call.kind == Kind::create) {
            by_inode_[call.inode] = next_;
            contents_[next_] = {};
            change.offset = next_++;
        }
        if (call.kind == Kind::make_folder)
            made_.push_back(call.path);
        if (call.kind == Kind::rename && std::ranges::find(made_, call.path) != made_.end()) {
            for (const fs::path& each : std::vector<fs::path>(made_)) {
                if (is_within(each, call.path))
                    made_.push_back(call.to.string() + each.string().substr(call.path.string().size()));
            }
        }
        apply(now_, change);
        pending_.push_back(change);
        return;
    }
    default: return;
    }
}

std::vector<DiskAfterCut::Files> DiskAfterCut::possible() const {
    std::vector<Files> all;
    Names names = safe_;
    for (std::size_t done = 0; done <= pending_.size(); ++done) {
        if (done > 0)
            apply(names, pending_[done - 1]);
        for (const bool synced_only : {true, false}) {
            Files files;
            for (const auto& [file, number] : names) {
                const bool lost = std::ranges::any_of(made_, [&file = file, &names](const fs::path& folder) {
                    return file != folder && is_within(file, folder) && !names.contains(folder);
                });
                if (number == folder_number || lost)
                    continue;
                files[file] = synced_only ? contents_.at(number).safe : contents_.at(number).written;
            }
            all.push_back(std::move(files));
        }
    }
    return all;
}

} // namespace atelier::faults
