// SPDX-License-Identifier: Apache-2.0
#include "cli/class_option.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "base/error.h"
#include "latent/label_text.h"

namespace atelier {
namespace {

std::vector<std::string> split(const std::string& text, char at) {
    std::vector<std::string> parts;
    std::size_t start = 0;
    while (start <= text.size()) {
        const std::size_t end = std::min(text.find(at, start), text.size());
        std::string part = text.substr(start, end - start);
        const std::size_t first = part.find_first_not_of(' '), last = part.find_last_not_of(' ');
        parts.push_back(first == std::string::npos ? "" : part.substr(first, last - first + 1));
        start = end + 1;
    }
    return parts;
}

std::optional<int> whole_number(const std::string& text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

std::string known(const ModelInfo& model) {
    std::string text = fmt::format("{} has the classes 0 to {}", model.name, std::max(model.c_dim - 1, 0));
    for (std::size_t i = 0; i < std::min<std::size_t>(model.class_names.size(), 8); ++i) {
        text += fmt::format("{}{}", i == 0 ? ": " : ", ", model.class_names[i]);
    }
    return text + (model.class_names.size() > 8 ? ", ..." : "");
}

ClassChoice label_of(const std::string& text, const std::string& option, const ModelInfo& model) {
    ExplicitLatent label;
    std::optional<std::vector<float>> numbers = numbers_of_label(text);
    if (!numbers) {
        fail("{} is '{}'; a label is a list of numbers, such as 0.5,0,0.5.", option, text);
    }
    label.values = std::move(*numbers);
    if (label.values.size() != static_cast<std::size_t>(model.c_dim)) {
        fail("{} is '{}', a label of {} numbers; those of {} have {}.", option, text, label.values.size(), model.name,
             model.c_dim);
    }
    return {0, {std::make_shared<const ExplicitLatent>(std::move(label))}};
}

} // namespace

void ClassChoice::set(PictureSettings& picture) const {
    picture.class_index = index;
    picture.label = label;
}

void ClassChoice::set(LatentTerm& term) const {
    term.class_index = index;
    term.label = label;
}

ClassChoice parse_class(const std::string& text, const std::string& option, const ModelInfo& model) {
    const std::optional<int> index = whole_number(text);
    if (model.c_dim == 0) {
        if (index == 0) {
            return {};
        }
        fail("{} is {}, but {} is not conditional: it has no classes.", option, text, model.name);
    }
    // A name goes before a number: folders may be named 2013, 2014.
    const auto named = std::find(model.class_names.begin(), model.class_names.end(), text);
    if (named != model.class_names.end() && named - model.class_names.begin() < model.c_dim) {
        return {static_cast<int>(named - model.class_names.begin()), {}};
    }
    if (index) {
        if (*index < 0 || *index >= model.c_dim) {
            fail("{} is {}; {}.", option, text, known(model));
        }
        return {*index, {}};
    }
    if (text.find(',') != std::string::npos || numbers_of_label(text).value_or(std::vector<float>()).size() > 0) {
        return label_of(text, option, model);
    }
    fail("{} is '{}'; {}. It may also be all {} numbers of a label.", option, text, known(model), model.c_dim);
}

std::vector<ClassChoice> parse_classes(const std::string& text, const std::string& option, const ModelInfo& model) {
    std::vector<ClassChoice> choices;
    for (const std::string& part : split(text, text.find(';') != std::string::npos ? ';' : ',')) {
        choices.push_back(parse_class(part, option, model));
    }
    return choices;
}

} // namespace atelier
