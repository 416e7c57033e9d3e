// SPDX-License-Identifier: Apache-2.0
#include "prepare/set_writer.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file_names.h"
#include "base/folder_name.h"
#include "base/natural_order.h"
#include "io/atomic_file.h"
#include "io/zip_file.h"
#include "io/zip_writer.h"

namespace atelier::prepare {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t most_in_zip = 65'000; // entries; more would need zip64

bool is_zip(const fs::path& target) {
    return target.extension() == ".zip" || target.extension() == ".ZIP";
}

class Target {
public:
    virtual ~Target() = default;
    virtual void add(const std::string& name, io::Bytes data) = 0;
    virtual void finish() = 0;
};

class ZipTarget final : public Target {
public:
    explicit ZipTarget(const fs::path& path) : zip_(path) {}
    void add(const std::string& name, io::Bytes data) override { zip_.add(name, data); }
    void finish() override { zip_.finish(); }

private:
    io::ZipWriter zip_;
};

// Filled under another name beside the target, then renamed.
class FolderTarget final : public Target {
public:
    explicit FolderTarget(fs::path path)
        : path_(std::move(path)), part_(path_.string() + fmt::format(".part-{}", ::getpid())) {}
    ~FolderTarget() override {
        if (!finished_) {
            std::error_code error;
            fs::remove_all(part_, error);
        }
    }
    void add(const std::string& name, io::Bytes data) override {
        std::error_code error;
        const fs::path folder = (part_ / name).parent_path();
        fs::create_directories(folder, error);
        if (error) {
            fail("{}: can't be written: the folder {} can't be made ({}).", path_.string(), folder.string(),
                 error.message());
        }
        folders_.insert(folder);
        folders_.insert(folder == part_ ? part_ : folder.parent_path());
        io::AtomicFile file(part_ / name);
        file.write(data.data(), data.size());
        file.commit();
    }
    void finish() override {
        for (const fs::path& folder : folders_) { // the files in them are on the disk already
            io::sync_folder(folder);
        }
        std::error_code error;
        fs::rename(part_, path_, error); // also over an empty folder
        if (error) {
            fail("{}: can't be given its name ({}).", path_.string(), error.message());
        }
        finished_ = true;
        io::sync_folder(path_.parent_path());
    }

private:
    fs::path path_, part_;
    std::set<fs::path> folders_; // that were made
    bool finished_ = false;
};

using Classes = std::map<std::string, int, NaturalLess>; // by name, numbered in this order

Classes classes_of(const std::vector<Item>& items) {
    Classes classes;
    for (const Item& item : items) {
        if (item.kept) {
            classes[item.folder] = 0;
        }
    }
    int number = 0;
    for (auto& [name, index] : classes) {
        index = number++;
    }
    return classes;
}

bool is_set(const fs::path& zip) {
    try {
        return io::ZipFile(zip).entries().contains("dataset.json");
    } catch (const Error&) {
        return false;
    }
}

} // namespace

std::vector<std::string> class_names_of(const std::vector<Item>& items) {
    std::vector<std::string> names;
    for (const auto& [name, index] : classes_of(items)) {
        names.push_back(name);
    }
    return names;
}

std::string entry_name(std::size_t index) {
    return fmt::format("{:05}/img{:08}.png", index / 1000, index);
}

void check_apart(const fs::path& target, const std::vector<fs::path>& inputs) {
    if (would_change(target, inputs)) {
        fail("{}: is one of the inputs or lies among them, where nothing is ever written; name another place.",
             target.string());
    }
}

void check_target(const fs::path& target, const std::vector<fs::path>& inputs) {
    check_apart(target, inputs);
    std::error_code error;
    const fs::path folder = fs::absolute(target, error).parent_path();
    if (target.filename().empty()) {
        fail("--out is '{}'; name a set such as set.zip, or a folder without a slash at its end.", target.string());
    }
    if (!fs::is_directory(folder, error)) {
        fail("{}: there is no such folder to write the set into.", folder.string());
    }
    if (!is_zip(target) && !names_folder(target)) {
        fail("{}: a set is a file ending in .zip, or a folder, whose name has no ending; nothing is written as {}.",
             target.string(), target.extension().string());
    }
    const bool folder_there = fs::is_directory(target, error);
    if (is_zip(target) && folder_there) {
        fail("{}: is a folder; a set that ends in .zip is written as a file.", target.string());
    }
    if (is_zip(target) && fs::exists(target, error) && !is_set(target)) {
        fail("{}: is there already and is no training set, so it is not replaced; name another file.", target.string());
    }
    if (!is_zip(target) && fs::exists(target, error) && (!folder_there || !fs::is_empty(target, error))) {
        fail("{}: is there already; name a set that ends in .zip, or a folder that is new or empty.", target.string());
    }
}

void write_set(const fs::path& path, const CutRun& job, const std::vector<Item>& items, bool labels,
               const std::function<void(std::size_t, std::size_t)>& progress) {
    const auto kept = static_cast<std::size_t>(std::ranges::count_if(items, &Item::kept));
    if (kept == 0) {
        fail("No picture was kept, so no set was written; the report says why.");
    }
    if (is_zip(path) && kept > most_in_zip) {
        fail("{}: {} pictures are more than a zip file holds; name a folder instead.", path.string(), kept);
    }
    std::unique_ptr<Target> target;
    if (is_zip(path)) {
        target = std::make_unique<ZipTarget>(path);
    } else {
        target = std::make_unique<FolderTarget>(path);
    }
    const Classes classes = classes_of(items);
    json list = json::array(), sources = json::array(), names = json::array();
    for (const auto& [name, index] : classes) {
        names.push_back(name);
    }
    std::size_t index = 0;
    for (const Item& item : items) {
        if (!item.kept) {
            continue;
        }
        const std::string entry = entry_name(index++);
        target->add(entry, job.crop_png(item));
        list.push_back({entry, classes.at(item.folder)});
        sources.push_back(item.name);
        progress(index, kept);
    }
    const CutOptions& options = job.options();
    json about{{"made_by", "atelier dataset prepare"},
               {"ratio", to_json(options.pixel_ratio().value_or(PictureRatio{}))},
               {"faces", options.mode == Mode::faces},
               {"sources", sources}};
    if (labels) {
        about["classes"] = names;
    }
    // Public tools read "labels" and leave the rest alone.
    const json file{{"labels", labels ? list : json()}, {"atelier", about}};
    const std::string text = file.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
    target->add("dataset.json", io::as_bytes(text));
    target->finish();
}

} // namespace atelier::prepare
