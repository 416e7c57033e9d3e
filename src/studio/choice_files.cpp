// SPDX-License-Identifier: Apache-2.0
#include "studio/choice_files.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file_names.h"
#include "base/future.h"
#include "base/log.h"
#include "base/sha256.h"
#include "io/atomic_file.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

using nlohmann::json;
constexpr int version = 1;
constexpr double rest = 1;             // seconds without a change before it is written
constexpr std::size_t most_kept = 200; // files; the oldest go

fs::path file_of(const fs::path& folder, const fs::path& of) {
    Sha256 hash;
    hash.add(of.string());
    return folder / (hash.finish().substr(0, 16) + ".json");
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
            out.wishes[*id] = choice["keep"].get<bool>() ? prepare::Override::keep : prepare::Override::drop;
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

void save_choices(const fs::path& file, const fs::path& of, const HandChoices& choices) {
    json pictures = json::object();
    for (const auto& [id, wish] : choices.wishes)
        pictures[fmt::format("{:016x}", id)]["keep"] = wish == prepare::Override::keep;
    for (const auto& [id, crop] : choices.crops)
        pictures[fmt::format("{:016x}", id)]["crop"] = {crop.x, crop.y, crop.scale};
    io::write_file(file, json{{"version", version}, {"of", of.string()}, {"pictures", pictures}}.dump(1) + "\n");
}

namespace {

void put(const fs::path& folder, const fs::path& of, const HandChoices& choices) {
    const fs::path file = file_of(folder, of);
    std::error_code error;
    if (choices.empty()) {
        fs::remove(file, error);
        return;
    }
    fs::create_directories(folder, error);
    save_choices(file, of, choices);
    keep_newest(folder, most_kept);
}

} // namespace

ChoiceFiles::ChoiceFiles(fs::path folder) : folder_(std::move(folder)) {}

void ChoiceFiles::open(const fs::path& work_folder) {
    if (folder_.empty() || work_folder == of_)
        return;
    put_away();
    of_ = work_folder;
    now_ = kept_ = {};
    if (of_.empty())
        return;
    reading_ = std::async(std::launch::async, [file = file_of(folder_, of_), before = writing_] {
        if (before.valid())
            before.wait();
        Read read;
        try {
            std::error_code error;
            if (fs::exists(file, error))
                read.choices = load_choices(file);
        } catch (const std::exception& trouble) {
            read.error = message_of(trouble);
        }
        return read;
    });
}

std::optional<HandChoices> ChoiceFiles::take() {
    if (!is_ready(reading_))
        return {};
    Read read = reading_.get();
    if (!read.error.empty()) {
        error_ = read.error;
        of_.clear(); // it is left as it is
    }
    kept_ = read.choices;
    return read.choices.empty() ? std::nullopt : std::optional(std::move(read.choices));
}

void ChoiceFiles::tick(const HandChoices& now, double seconds) {
    if (is_ready(writing_)) {
        if (std::string error = writing_.get(); !error.empty())
            error_ = std::move(error);
        writing_ = {};
    }
    since_change_ = now == now_ ? since_change_ + seconds : 0;
    now_ = now;
    if (!of_.empty() && !reading_.valid() && now_ != kept_ && since_change_ >= rest)
        save();
}

void ChoiceFiles::put_away() {
    if (!of_.empty() && (reading_.valid() || now_ != kept_))
        save();
}

void ChoiceFiles::save() {
    kept_ = now_; // if it fails, that is told once
    writing_ = std::async(std::launch::async,
                          [folder = folder_, of = of_, choices = now_, before = writing_,
                           reading = std::move(reading_)]() mutable -> std::string {
                              if (before.valid())
                                  before.wait();
                              try {
                                  if (reading.valid()) { // what was chosen meanwhile joins what the file has
                                      const Read read = reading.get();
                                      if (!read.error.empty())
                                          return read.error;
                                      choices.join(read.choices);
                                  }
                                  put(folder, of, choices);
                              } catch (const std::exception& trouble) {
                                  return message_of(trouble);
                              }
                              return {};
                          })
                   .share();
}

void ChoiceFiles::finish() {
    put_away();
    of_.clear();
    if (!writing_.valid())
        return;
    if (const std::string& error = writing_.get(); !error.empty())
        log_warning("{}", error);
}

std::string ChoiceFiles::take_error() {
    return std::exchange(error_, {});
}

} // namespace atelier::studio
