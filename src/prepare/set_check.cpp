// SPDX-License-Identifier: Apache-2.0
#include "prepare/set_check.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <opencv2/imgproc.hpp>

#include "base/error.h"
#include "io/image.h"
#include "io/zip_file.h"
#include "prepare/scores.h"
#include "prepare/set_writer.h"
#include "prepare/sources.h"
#include "prepare/verdict.h"

namespace atelier::prepare {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

struct Looked {
    std::string name;
    int width = 0, height = 0, channels = 0;
    Scores scores;
};

std::string without_name(const std::string& text, const std::string& name) {
    const std::string prefix = name + ": ";
    return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
}

bool has_holes(const io::Image8& image) {
    const auto step = static_cast<std::size_t>(image.channels);
    for (std::size_t i = step - 1; step % 2 == 0 && i < image.pixels.size(); i += step) {
        if (image.pixels[i] != 255) {
            return true;
        }
    }
    return false;
}

void measure_picture(const io::Image8& image, Scores& scores) {
    const int type =
        image.channels == 1 ? CV_8UC1 : (image.channels == 2 ? CV_8UC2 : (image.channels == 3 ? CV_8UC3 : CV_8UC4));
    const cv::Mat pixels(image.height, image.width, type, const_cast<std::uint8_t*>(image.pixels.data()));
    cv::Mat bgr;
    if (image.channels <= 2) {
        cv::Mat gray;
        cv::extractChannel(pixels, gray, 0);
        cv::cvtColor(gray, bgr, cv::COLOR_GRAY2BGR);
    } else {
        cv::cvtColor(pixels, bgr, image.channels == 3 ? cv::COLOR_RGB2BGR : cv::COLOR_RGBA2BGR);
    }
    measure(bgr, scores);
}

// What each picture was made of, where the set says so: by its name.
std::map<std::string, std::string> origins_of(const std::optional<std::string>& labels) {
    std::map<std::string, std::string> origins;
    const json file = json::parse(labels.value_or(""), nullptr, false);
    if (!file.is_object() || !file.contains("atelier") || !file["atelier"].is_object()) {
        return origins;
    }
    const json sources = file["atelier"].value("sources", json());
    for (std::size_t i = 0; sources.is_array() && i < sources.size(); ++i) {
        if (sources[i].is_string()) {
            origins[entry_name(i)] = sources[i].get<std::string>();
        }
    }
    return origins;
}

class Doctor {
public:
    explicit Doctor(std::map<std::string, std::string> origins) : origins_(std::move(origins)) {}

    void look(const Source& source) {
        if (!source.trouble.empty()) {
            refuse(source.name, source.trouble);
            return;
        }
        Looked looked;
        looked.name = source.name;
        try {
            const auto bytes = read_bytes(source);
            const io::ImageFacts facts = io::image_facts(io::ByteSource::of(bytes), source.name);
            const io::Image8 image = io::decode_image(bytes, source.name);
            looked.width = image.width;
            looked.height = image.height;
            looked.channels = image.channels <= 2 ? 1 : 3;
            check_alone(source.name, facts, image);
            measure_picture(image, looked.scores);
            pictures_.push_back(looked);
        } catch (const Error& error) {
            refuse(source.name, without_name(without_name(error.what(), source.path.string()), source.name) +
                                    "; save it anew as PNG, or take it out");
        }
    }

    SetReport finish(const std::optional<std::string>& labels) {
        report_.pictures = pictures_.size();
        report_.resolution = commonest(&Looked::width);
        report_.channels = commonest(&Looked::channels);
        for (const Looked& picture : pictures_) {
            if (picture.width == picture.height && picture.width != report_.resolution) {
                refuse(picture.name, fmt::format("is {} px a side, but most are {}; scale all to one size",
                                                 picture.width, report_.resolution));
            }
            if (picture.channels != report_.channels) {
                refuse(picture.name, picture.channels == 1 ? "is gray, but most are in colour; save all in one kind"
                                                           : "is in colour, but most are gray; save all in one kind");
            }
        }
        warn_of_alike();
        if (labels) {
            read_labels(*labels);
        }
        return std::move(report_);
    }

private:
    void refuse(const std::string& name, const std::string& what) { report_.errors.push_back({shown(name), what}); }

    std::string shown(const std::string& name) const {
        const auto origin = origins_.find(name);
        return origin == origins_.end() ? name : fmt::format("{} ({})", name, origin->second);
    }

    void check_alone(const std::string& name, const io::ImageFacts& facts, const io::Image8& image) {
        if (image.width != image.height) {
            refuse(name, fmt::format("is {} x {} px, not square; crop or pad it", image.width, image.height));
        } else if (image.width < 4 || image.width > 1024 || !std::has_single_bit(static_cast<unsigned>(image.width))) {
            refuse(name, fmt::format("is {} px a side; scale it to a power of two from 4 to 1024", image.width));
        }
        if (facts.depth > 8) {
            refuse(name, "has 16 bits a channel; save it with 8");
        }
        if (has_holes(image)) {
            refuse(name, "has transparent parts; flatten it on a background");
        }
    }

    int commonest(int Looked::*member) const {
        std::map<int, int> counts;
        for (const Looked& picture : pictures_) {
            ++counts[picture.*member];
        }
        const auto best = std::ranges::max_element(counts, {}, [](const auto& pair) { return pair.second; });
        return best == counts.end() ? 0 : best->first;
    }

    void warn_of_alike() {
        std::vector<Item> items;
        for (const Looked& picture : pictures_) {
            Item item;
            item.crop = 0;
            item.name = shown(picture.name);
            item.facts.scores = picture.scores;
            items.push_back(item);
        }
        Thresholds limits;
        limits.near = 4;
        judge(items, {}, limits, false);
        for (const Item& item : items) {
            if (!item.kept) {
                report_.warnings.push_back({item.name, item.words + "; take one out, unless it should count twice"});
            }
        }
    }

    void read_labels(const std::string& text) {
        const json file = json::parse(text, nullptr, false);
        if (!file.is_object()) {
            refuse("dataset.json", "is no JSON object; write {\"labels\": null} or a list of file names and classes");
            return;
        }
        if (const json about = file.value("atelier", json()); about.is_object()) {
            const json ratio = about.value("ratio", json());
            if (ratio.is_array() && ratio.size() == 2 && ratio[0].is_number_integer() && ratio[1].is_number_integer()) {
                report_.ratio = fmt::format("{}:{}", ratio[0].get<int>(), ratio[1].get<int>());
            }
        }
        const json labels = file.value("labels", json());
        if (labels.is_null()) {
            return;
        }
        std::map<std::string, json> known;
        for (const auto& entry : labels) {
            if (labels.is_array() && entry.is_array() && entry.size() == 2 && entry[0].is_string()) {
                known[entry[0].get<std::string>()] = entry[1];
            }
        }
        if (labels.is_object()) {
            known = labels.get<std::map<std::string, json>>();
        }
        std::set<std::int64_t> classes;
        for (const Looked& picture : pictures_) {
            const auto found = known.find(picture.name);
            if (found == known.end()) {
                report_.warnings.push_back(
                    {shown(picture.name), "has no label in dataset.json; training with labels refuses the set"});
                continue;
            }
            ++report_.labelled;
            if (found->second.is_number_integer()) {
                classes.insert(found->second.get<std::int64_t>());
            }
        }
        report_.classes = classes.size();
    }

    const std::map<std::string, std::string> origins_;
    std::vector<Looked> pictures_;
    SetReport report_;
};

std::optional<std::string> labels_of(const fs::path& set) {
    std::error_code error;
    try {
        std::vector<std::uint8_t> bytes;
        if (fs::is_directory(set, error)) {
            if (!fs::exists(set / "dataset.json", error)) {
                return std::nullopt;
            }
            bytes = io::InputFile(set / "dataset.json").read_all();
        } else {
            const io::ZipFile zip(set);
            if (!zip.entries().contains("dataset.json")) {
                return std::nullopt;
            }
            bytes = zip.extract("dataset.json", 256U << 20U);
        }
        return std::string(bytes.begin(), bytes.end());
    } catch (const Error&) {
        return ""; // it is named as unreadable
    }
}

} // namespace

SetReport check_set(const fs::path& set, const std::function<void(std::size_t, std::size_t)>& progress) {
    std::error_code error;
    if (!fs::is_directory(set, error)) {
        if (!fs::exists(set, error)) {
            fail("{}: there is no such folder or zip; a training set is a folder or a zip of pictures.", set.string());
        }
        const io::ZipFile test(set); // says what is wrong with a file that is no zip
    }
    const Sources sources = find_sources({set}, 1);
    const std::optional<std::string> labels = labels_of(set);
    Doctor doctor(origins_of(labels));
    std::size_t done = 0;
    for (const Source& source : sources.pictures) {
        doctor.look(source);
        progress(++done, sources.pictures.size());
    }
    return doctor.finish(labels);
}

} // namespace atelier::prepare
