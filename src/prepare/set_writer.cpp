// SPDX-License-Identifier: Apache-2.0
#include "prepare/set_writer.h"

#include <algorithm>
#include <map>
#include <memory>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/natural_order.h"
#include "io/byte_reader.h"
#include "prepare/set_target.h"

namespace atelier::prepare {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

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

void write_set(const fs::path& path, const CutRun& job, const std::vector<Item>& items, bool labels,
               const std::function<void(std::size_t, std::size_t)>& progress, std::size_t shard_pictures) {
    const auto kept = static_cast<std::size_t>(std::ranges::count_if(items, &Item::kept));
    if (kept == 0) {
        fail("No picture was kept, so no set was written; the report says why.");
    }
    const std::unique_ptr<SetTarget> target = open_target(path, kept, shard_pictures);
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
    target->describe(io::as_bytes(text));
    target->finish();
}

} // namespace atelier::prepare
