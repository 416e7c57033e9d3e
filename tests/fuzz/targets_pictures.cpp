// SPDX-License-Identifier: Apache-2.0
// Pictures and what describes a set of them.
#include <nlohmann/json.hpp>

#include "base/set_labels.h"
#include "fuzz/attempt.h"
#include "fuzz/targets.h"
#include "io/exif.h"
#include "io/image.h"
#include "io/picture_extras.h"
#include "prepare/frames.h"
#include "prepare/pages.h"
#include "prepare/picture_header.h"

namespace atelier::fuzz {

using io::Bytes;

void picture(Bytes data) {
    attempt([&] {
        const prepare::HeaderFacts facts = prepare::read_header(data, "picture");
        if (facts.animated && facts.width * facts.height <= 1 << 18) {
            const auto frames = prepare::open_frames(data, "picture");
            for (const int frame : {0, 3, 1}) {
                frames->at(frame);
            }
        }
    });
    attempt([&] { prepare::count_pages(io::ByteSource::of(data)); });
    io::read_extras(data);
    io::tiff_facts(data); // EXIF is one without the file's header around it
    attempt([&] {
        const io::ImageFacts facts = io::image_facts(io::ByteSource::of(data), "picture");
        if (static_cast<std::int64_t>(facts.width) * facts.height <= 1 << 20) { // more only takes longer
            io::decode_image(data, "picture");
        }
    });
}

void dataset_json(Bytes data) {
    const SetDescription whole = parse_set_description(data);
    const nlohmann::json& description = whole.json;
    read_set_labels(whole, {"00000/img00000000.png", "00000/img00000001.png"});
    // The pictures that it names itself, so that its labels are looked at.
    std::vector<std::string> names;
    if (description.is_object() && description.contains("labels")) {
        for (const auto& [key, value] : description["labels"].items()) {
            const bool pair = value.is_array() && !value.empty() && value[0].is_string();
            names.push_back(pair ? value[0].get<std::string>() : key);
        }
    }
    read_set_labels(whole, names);
}

} // namespace atelier::fuzz
