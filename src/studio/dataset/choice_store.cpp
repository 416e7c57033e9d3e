// SPDX-License-Identifier: Apache-2.0
#include "studio/dataset/choice_store.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/path_text.h"
#include "base/sha256.h"
#include "io/atomic_file.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

using nlohmann::json;
constexpr int version = 1;
constexpr std::size_t most_kept = 200; // files; the oldest go

std::string file_name(const std::string& of) {
    Sha256 hash;
    hash.add(of);
    return hash.finish().substr(0, 16) + ".json";
}

std::optional<std::uint64_t> id_of(const std::string& digits) {
    std::uint64_t id = 0;
    const char* end = digits.data() + digits.size();
    const auto [at, error] = std::from_chars(digits.data(), end, id, 16);
    return error == std::errc() && at == end && digits.size() == 16 ? std::optional(id) : std::nullopt;
}

std::optional<CropChange> crop_of(const json& numbers) {
    if (!numbers.is_array() || numbers.size() != 3 ||
        !std::ranges::all_of(numbers, [](const json& each) { return each.is_number(); }))
        return {};
    const CropChange crop{numbers[0].get<double>(), numbers[1].get<double>(), numbers[2].get<double>()};
    const bool sound = std::abs(crop.x) <= 2 && std::abs(crop.y) <= 2 && crop.scale >= 0.001 && crop.scale <= 100;
    return sound ? std::optional(crop) : std::nullopt; // NaN is not
}

} // namespace

HandChoices load_choices(const fs::path& file) {
    std::ifstream in(file);
    const json all = json::parse(in, nullptr, false);
    const auto wrong = [&](const char* what) {
        fail("{}: {}; remove it for choices made by hand to be kept.", file.string(), what);
    };
    if (!all.is_object() || !all.contains("pictures") || !all["pictures"].is_object())
        wrong("is damaged");
    if (all.value("version", 0) > version)
        wrong("is of a newer version of Atelier");
    HandChoices out;
    for (const auto& [digits, choice] : all["pictures"].items()) {
        const auto id = id_of(digits);
        if (!id || !choice.is_object())
            wrong("is damaged");
        if (choice.contains("keep")) {
            if (!choice["keep"].is_boolean())
                wrong("is damaged");
            out.overrides[*id] = choice["keep"].get<bool>() ? prepare::Override::keep : prepare::Override::drop;
        }
        if (choice.contains("crop")) {
            const auto crop = crop_of(choice["crop"]);
            if (!crop)
                wrong("is damaged");
            out.crops[*id] = *crop;
        }
    }
    return out;
}

void save_choices(const fs::path& file, const std::string& of, const HandChoices& choices) {
    json pictures = json::object();
    for (const auto& [id, request] : choices.overrides)
        pictures[fmt::format("{:016x}", id)]["keep"] = request == prepare::Override::keep;
    for (const auto& [id, crop] : choices.crops)
        pictures[fmt::format("{:016x}", id)]["crop"] = {crop.x, crop.y, crop.scale};
    io::write_file(file, json{{"version", version}, {"of", text_of_bytes(of)}, {"pictures", pictures}}.dump(1) + "\n");
}

ChoiceStore::ChoiceStore(fs::path folder)
    : SidecarFile(std::move(folder), {file_name, load_choices, save_choices, most_kept}) {}

} // namespace atelier::studio
