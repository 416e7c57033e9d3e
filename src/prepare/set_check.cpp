// SPDX-License-Identifier: Apache-2.0
#include "prepare/set_check.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <type_traits>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <opencv2/imgproc.hpp>

#include "base/error.h"
#include "base/network_shape.h"
#include "base/path_text.h"
#include "base/picture_ratio.h"
#include "base/set_file_names.h"
#include "base/set_labels.h"
#include "io/pickle_value.h"
#include "io/picture_extras.h"
#include "io/shard_set.h"
#include "prepare/scores.h"
#include "prepare/set_files.h"
#include "prepare/set_writer.h"
#include "prepare/verdict.h"

namespace atelier::prepare {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

struct Looked {
    std::string name;
    std::pair<int, int> size{}; // px, width and height
    int channels = 0;           // as stored
    bool transparent = false;   // somewhere
    bool sound = false;         // by itself: it may still differ from the others
    int colours() const { return channels <= 2 ? 1 : 3; }
    Scores scores;
};

std::string without_name(const std::string& text, const std::string& name) {
    const std::string prefix = name + ": ";
    return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
}

// Whole, whatever stood in the file.
std::string in_one_line(const std::string& text) {
    std::string line = readable_text(text);
    std::ranges::replace_if(
        line, [](unsigned char c) { return c < 0x20 || c == 0x7F; }, '?');
    return line;
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

// The object `atelier` of dataset.json; null if there is none.
json about_of(const json& description) {
    const json about = description.is_object() ? description.value("atelier", json()) : json();
    return about.is_object() ? about : json();
}

// What each picture was made of, where the set says so: by its name.
std::map<std::string, std::string> origins_of(const json& about) {
    std::map<std::string, std::string> origins;
    const json sources = about.is_null() ? json() : about.value("sources", json());
    for (std::size_t i = 0; sources.is_array() && i < sources.size(); ++i) {
        if (sources[i].is_string()) {
            origins[entry_name(i)] = sources[i].get<std::string>();
        }
    }
    return origins;
}

// "a.mp4, b.jfif, c.zip and 7 more"
std::string some_of(const std::vector<std::string>& names) {
    constexpr std::size_t most = 3;
    std::string text;
    for (std::size_t i = 0; i < std::min(most, names.size()); ++i) {
        text += (i > 0 ? ", " : "") + io::printable(names[i]);
    }
    return text + (names.size() > most ? fmt::format(" and {} more", names.size() - most) : "");
}

std::string size_text(std::pair<int, int> size) {
    return size.first == size.second ? fmt::format("{} px a side", size.first)
                                     : fmt::format("{} x {} px", size.first, size.second);
}

class Doctor {
public:
    explicit Doctor(const SetFiles& files) : files_(files) {
        read_description();
        for (const std::string& name : files.strangers()) {
            refuse(name, "is a picture of a kind that isn't read here; save it as PNG, or take it out");
        }
        if (!files.passed_over().empty()) {
            report_.warnings.push_back(
                {some_of(files.passed_over()), "not a part of the set; training takes PNG and JPEG files"});
        }
        for (const std::string& folder : files.linked_folders()) {
            report_.warnings.push_back({io::printable(folder), "is a link to a folder, which is not followed; put the "
                                                               "folder itself there, or its pictures"});
        }
    }

    void look(const std::string& name) {
        Looked looked;
        looked.name = name;
        try {
            const auto bytes = files_.read(name);
            const io::ImageFacts facts = io::image_facts(io::ByteSource::of(bytes), name);
            const io::Image8 image = io::decode_shown(bytes, name);
            looked.size = {image.width, image.height};
            looked.channels = image.channels;
            looked.transparent = has_holes(image);
            looked.sound = check_alone(name, facts, image);
            measure_picture(image, looked.scores);
            pictures_.push_back(looked);
        } catch (const Error& error) {
            refuse(name, in_short(error, name) + "; save it anew as PNG, or take it out");
        }
    }

    SetReport finish() {
        report_.pictures = files_.pictures().size();
        const std::pair<int, int> size = commonest([](const Looked& picture) { return picture.size; });
        const int colours = commonest([](const Looked& picture) { return picture.colours(); });
        const bool alpha = keeps_alpha();
        std::tie(report_.width, report_.height) = size;
        report_.channels = colours + (alpha ? 1 : 0);
        for (const Looked& picture : pictures_) {
            if (picture.sound && picture.size != size) {
                refuse(picture.name, fmt::format("is {}, but most are {}; scale all to one size",
                                                 size_text(picture.size), size_text(size)));
            }
            if (picture.sound && picture.colours() != colours) {
                refuse(picture.name, picture.colours() == 1 ? "is gray, but most are in colour; save all in one kind"
                                                            : "is in colour, but most are gray; save all in one kind");
            }
            if (picture.sound && picture.transparent && !alpha) {
                refuse(picture.name,
                       "has transparent parts; flatten it on a background, or save all pictures with alpha");
            }
        }
        warn_of_alike();
        return std::move(report_);
    }

private:
    void refuse(const std::string& name, const std::string& what) { report_.errors.push_back({shown(name), what}); }

    std::string shown(const std::string& name) const {
        const auto origin = origins_.find(name);
        return io::printable(origin == origins_.end() ? name : fmt::format("{} ({})", name, origin->second));
    }

    std::string in_short(const Error& error, const std::string& name) const {
        return without_name(without_name(error.what(), files_.source_of(name)), name);
    }

    // Whether nothing is wrong with it.
    bool check_alone(const std::string& name, const io::ImageFacts& facts, const io::Image8& image) {
        const std::size_t before = report_.errors.size();
        if (!network_shape(image.width, image.height)) {
            refuse(name, no_network_makes(image.width, image.height));
        }
        if (facts.depth > 8) {
            refuse(name, "has 16 bits a channel; save it with 8");
        }
        return report_.errors.size() == before;
    }

    // Of the sound pictures; of equally common values that of the first picture, as the trainer has it.
    template <typename Of> std::invoke_result_t<Of, const Looked&> commonest(Of of) const {
        using Value = std::invoke_result_t<Of, const Looked&>;
        std::map<Value, int> counts;
        for (const Looked& picture : pictures_) {
            counts[of(picture)] += picture.sound ? 1 : 0;
        }
        const auto best =
            std::ranges::max_element(pictures_, {}, [&](const Looked& picture) { return counts[of(picture)]; });
        return best == pictures_.end() || counts[of(*best)] == 0 ? Value{} : of(*best);
    }

    // As the trainer has it: all are stored with alpha and somewhere it hides something, or most have transparent
    // parts.
    bool keeps_alpha() const {
        std::size_t sound = 0, stored = 0, transparent = 0;
        for (const Looked& picture : pictures_) {
            sound += picture.sound ? 1 : 0;
            stored += picture.sound && picture.channels % 2 == 0 ? 1 : 0;
            transparent += picture.sound && picture.transparent ? 1 : 0;
        }
        return (stored == sound && transparent > 0) || 2 * transparent > sound;
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

    void read_description() {
        if (!files_.has("dataset.json")) {
            if (!files_.inner_description().empty()) {
                report_.label_errors.push_back({"the set", inner_description_text(files_.inner_description())});
            }
            return;
        }
        try {
            const SetDescription description = parse_set_description(files_.read("dataset.json"));
            const json about = about_of(description.json);
            origins_ = origins_of(about);
            read_ratio(about);
            report_.faces = !about.is_null() && about.value("faces", json()) == true;
            read_labels(description);
        } catch (const Error& error) {
            report_.label_errors.push_back({"dataset.json", in_short(error, "dataset.json") + "; write it anew"});
        }
    }

    void read_ratio(const json& about) {
        if (about.is_null() || !about.contains("ratio")) {
            return;
        }
        if (const auto ratio = ratio_from_json(about["ratio"])) {
            report_.ratio = text_of(*ratio);
        } else {
            report_.warnings.push_back(
                {"dataset.json", fmt::format("its ratio is not two whole numbers from 1 to {}, such as [5,4], so its "
                                             "pictures count as square",
                                             most_of_ratio)});
        }
    }

    void read_labels(const SetDescription& description) {
        const SetLabels labels = read_set_labels(description, files_.pictures());
        for (const std::string& trouble : labels.troubles) {
            report_.label_errors.push_back({"dataset.json", in_one_line(trouble)});
        }
        report_.labelled = labels.classes.size() + labels.vectors.size();
        report_.classes = {labels.class_names, labels.pictures_of_classes()};
        report_.label_numbers = labels.vectors.empty() ? 0 : labels.vectors.front().size();
        if (const std::string empty = empty_classes(report_.classes.pictures); !empty.empty()) {
            report_.warnings.push_back(
                {"dataset.json",
                 fmt::format("{}, and a model with labels has {} classes, from 0 on; number them without "
                             "gaps, or pass these over",
                             empty, report_.classes.pictures.size())});
        }
    }

    const SetFiles& files_;
    std::map<std::string, std::string> origins_;
    std::vector<Looked> pictures_;
    SetReport report_;
};

// Of the shards of such a set, told before any picture is looked at; empty: they are whole, or it is no such set.
std::vector<Trouble> troubles_of_shards(const fs::path& set,
                                        const std::function<void(std::size_t, std::size_t)>& progress) {
    const auto folder = io::shard_folder(set);
    if (!folder) {
        return {};
    }
    const io::ShardIndex index = io::read_shard_index(*folder);
    std::vector<Trouble> troubles;
    for (const io::ShardTrouble& trouble : io::shard_troubles(*folder, index, true, [&](const std::string& /*what*/) {
             progress(0, static_cast<std::size_t>(index.pictures())); // may throw to give up
         })) {
        troubles.push_back({io::printable(trouble.file.filename().string()), trouble.what});
    }
    return troubles;
}

} // namespace

SetReport check_set(const fs::path& set, const std::function<void(std::size_t, std::size_t)>& progress) {
    std::vector<Trouble> of_shards = troubles_of_shards(set, progress);
    if (!of_shards.empty()) { // what is left of the set says nothing of it
        SetReport report;
        report.errors = std::move(of_shards);
        return report;
    }
    const SetFiles files(set);
    Doctor doctor(files);
    std::size_t done = 0;
    for (const std::string& name : files.pictures()) {
        doctor.look(name);
        progress(++done, files.pictures().size());
    }
    SetReport report = doctor.finish();
    report.shards = files.shards();
    return report;
}

} // namespace atelier::prepare
