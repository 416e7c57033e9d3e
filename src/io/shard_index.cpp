// SPDX-License-Identifier: Apache-2.0
#include "io/shard_index.h"

#include <algorithm>
#include <numeric>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "io/input_file.h"
#include "io/pickle_value.h"

namespace atelier::io {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* format_name = "atelier-shards";
constexpr int newest_version = 1;
constexpr std::uint64_t largest_index = 1U << 20U;   // bytes
constexpr std::uint64_t largest_count = 1ULL << 48U; // of bytes or pictures

// A file of the folder itself, whatever the index says.
bool is_plain_name(const std::string& name) {
    return !name.empty() && name.size() <= 255 && name.front() != '.' && name.find('/') == std::string::npos &&
           name.find('\0') == std::string::npos;
}

bool is_hash(const std::string& text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::uint64_t count_of(const json& entry, const char* name, const std::string& what) {
    const auto found = entry.find(name);
    if (found == entry.end() || !found->is_number_unsigned() || found->get<std::uint64_t>() > largest_count) {
        fail("{} '{}' is missing or no number of files or bytes; take the index that belongs to the shards", what,
             name);
    }
    return found->get<std::uint64_t>();
}

std::string text_of(const json& entry, const char* name) {
    const auto found = entry.find(name);
    return found != entry.end() && found->is_string() ? found->get<std::string>() : "";
}

Shard shard_of(const json& entry, const std::string& what) {
    Shard shard;
    shard.file = entry.is_object() ? text_of(entry, "file") : "";
    if (!is_plain_name(shard.file)) {
        fail("{} the name '{}' is no name of a file in its folder; take the index that belongs to the shards", what,
             printable(shard.file));
    }
    shard.bytes = count_of(entry, "bytes", what);
    shard.sha256 = text_of(entry, "sha256");
    if (!is_hash(shard.sha256)) {
        fail("{} the sha256 of '{}' is no 64 hexadecimal digits; take the index that belongs to the shards", what,
             printable(shard.file));
    }
    return shard;
}

fs::path folder_of(const fs::path& file) {
    return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

nlohmann::ordered_json entry_of(const Shard& shard) {
    return {{"file", shard.file}, {"bytes", shard.bytes}, {"sha256", shard.sha256}};
}

} // namespace

std::uint64_t ShardIndex::pictures() const {
    return std::accumulate(shards.begin(), shards.end(), std::uint64_t{0},
                           [](std::uint64_t sum, const Shard& shard) { return sum + shard.pictures; });
}

std::string shard_name(std::size_t index, std::size_t count) {
    return fmt::format("shard-{:05}-of-{:05}.zip", index, count);
}

std::optional<fs::path> shard_folder(const fs::path& path) {
    std::error_code error;
    if (path.filename() == shard_index_name && fs::is_regular_file(path, error)) {
        return folder_of(path);
    }
    return fs::is_directory(path, error) && fs::exists(path / shard_index_name, error) ? std::optional(path)
                                                                                       : std::nullopt;
}

ShardIndex read_shard_index(const fs::path& folder) {
    const fs::path path = folder / shard_index_name;
    const InputFile file(path);
    const std::string what = path.string() + ":";
    if (file.size() > largest_index) {
        fail("{} is larger than 1 MiB, so it is no index of shards", what);
    }
    const json whole = json::parse(file.read_all(), nullptr, false);
    if (!whole.is_object() || text_of(whole, "format") != format_name) {
        fail("{} is no index of shards (or a damaged one); 'atelier dataset shard' writes one", what);
    }
    if (const auto version = whole.find("version"); version == whole.end() || *version != newest_version) {
        fail("{} is of a version that this Atelier doesn't know; it reads version {}", what, newest_version);
    }
    const auto list = whole.find("shards");
    if (list == whole.end() || !list->is_array() || list->empty() || list->size() > most_shards) {
        fail("{} 'shards' has to be a list of 1 to {} shards; put more pictures into each", what, most_shards);
    }
    ShardIndex index;
    std::set<std::string> names;
    for (const json& entry : *list) {
        Shard shard = shard_of(entry, what);
        shard.pictures = count_of(entry, "pictures", what);
        if (!names.insert(shard.file).second) {
            fail("{} names '{}' twice; take the index that belongs to the shards", what, printable(shard.file));
        }
        index.shards.push_back(std::move(shard));
    }
    if (const auto description = whole.find("description"); description != whole.end() && !description->is_null()) {
        index.description = shard_of(*description, what);
        if (index.description->file != set_description_name) {
            fail("{} calls its description '{}'; it has to be {}", what, printable(index.description->file),
                 set_description_name);
        }
    }
    if (const std::uint64_t told = count_of(whole, "pictures", what); told != index.pictures()) {
        fail("{} tells of {} pictures, but its shards of {}; take the index that belongs to the shards", what, told,
             index.pictures());
    }
    return index;
}

std::string to_text(const ShardIndex& index) {
    nlohmann::ordered_json whole{{"format", format_name}, {"version", newest_version}, {"pictures", index.pictures()}};
    auto& list = whole["shards"] = nlohmann::ordered_json::array();
    for (const Shard& shard : index.shards) {
        nlohmann::ordered_json entry = entry_of(shard);
        entry["pictures"] = shard.pictures;
        list.push_back(std::move(entry));
    }
    if (index.description) {
        whole["description"] = entry_of(*index.description);
    }
    return whole.dump(1) + "\n";
}

void refuse_lone_shard(const fs::path& file) {
    const fs::path folder = folder_of(file);
    if (!shard_folder(folder)) {
        return;
    }
    ShardIndex index;
    try {
        index = read_shard_index(folder);
    } catch (const Error&) { // then it says nothing of this file
        return;
    }
    const std::string name = file.filename().string();
    if (std::ranges::any_of(index.shards, [&](const Shard& shard) { return shard.file == name; })) {
        fail("{}: is one of the {} shards of a training set; name the whole set, {}", file.string(),
             index.shards.size(), folder.string());
    }
}

} // namespace atelier::io
