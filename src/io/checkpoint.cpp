// SPDX-License-Identifier: Apache-2.0
#include "io/checkpoint.h"

#include <array>
#include <new>
#include <string_view>

#include <ATen/ops/isfinite.h>

#include "base/error.h"
#include "io/checkpoint_reader.h"
#include "io/model_formats.h"
#include "io/model_source.h"
#include "io/own_description.h"

namespace atelier::io {

namespace {

void read_content(const InputFile& input, CheckpointFile& into) {
    const std::unique_ptr<ModelSource> source = open_model_source(input);
    for (const ModelFormat& format : model_formats()) {
        if (format.sniff != nullptr && format.sniff(*source)) {
            format.read(*source, into);
            break;
        }
    }
    const PickleValue* own = source->root == nullptr ? nullptr : find_key(*source->root, "atelier");
    if (own != nullptr && own->is(PickleKind::text)) {
        apply_description(own->text, into);
    }
    if (source->bytes_behind > 0) {
        into.warnings.push_back(fmt::format("{} bytes after the end of the pickle are ignored", source->bytes_behind));
    }
}

void check_networks(CheckpointFile& file) {
    std::size_t networks = 0;
    std::size_t bad = 0;
    std::string first;
    for (const auto& [name, network] : file.networks) {
        networks += name == "augment_pipe" ? 0 : 1;
        for (const NamedTensor& tensor : network.tensors) {
            if (tensor.value.is_floating_point() && !at::isfinite(tensor.value).all().item<bool>()) {
                first = bad++ == 0 ? name + "." + tensor.name : first;
            }
        }
    }
    if (networks == 0) {
        fail("holds no network; one of G_ema, G and D should be there");
    }
    if (bad > 0) {
        file.warnings.push_back(fmt::format("{} holds values that are not finite (NaN or infinity){}", first,
                                            bad > 1 ? fmt::format(", as do {} other tensors", bad - 1) : ""));
    }
}

// Textually, before anything is made of it. What claims to be Atelier's own and isn't meets the one reader that is
// left: of JSON, with lengths and places looked at.
bool begins_as_our_own(const InputFile& input) {
    constexpr std::string_view own = R"({"__metadata__":{"atelier":")";
    constexpr std::size_t length = 8; // of the header, in front of it
    if (input.size() < length + own.size()) {
        return false;
    }
    std::array<char, length + own.size()> begin{};
    input.read_at(0, begin.data(), begin.size());
    return std::string_view(begin.data() + length, own.size()) == own;
}

StrangersReader& strangers_reader() {
    static StrangersReader reader;
    return reader;
}

CheckpointFile read_by_whom(const InputFile& input) {
    if (const StrangersReader& reader = strangers_reader(); reader && !begins_as_our_own(input)) {
        if (auto file = reader(input)) {
            return std::move(*file);
        }
    }
    return read_checkpoint_here(input);
}

} // namespace

void read_strangers_by(StrangersReader reader) {
    strangers_reader() = std::move(reader);
}

CheckpointFile read_checkpoint_here(const InputFile& input) {
    const std::string prefix = input.path().string() + ": ";
    try {
        CheckpointFile file;
        file.metadata = nlohmann::json::object();
        read_content(input, file);
        check_networks(file);
        return file;
    } catch (const std::bad_alloc&) {
        fail("{}is too large for the memory of this machine", prefix);
    } catch (const std::exception& error) {
        const std::string text = message_of(error);
        fail("{}{}", text.starts_with(prefix) ? "" : prefix, text);
    }
}

CheckpointFile read_checkpoint(const std::filesystem::path& path) {
    const std::string prefix = path.string() + ": ";
    try {
        CheckpointFile file = read_by_whom(InputFile(path));
        for (std::string& warning : file.warnings) {
            warning = prefix + warning;
        }
        return file;
    } catch (const std::bad_alloc&) {
        fail("{}is too large for the memory of this machine", prefix);
    } catch (const std::exception& error) {
        const std::string text = message_of(error);
        fail("{}{}", text.starts_with(prefix) ? "" : prefix, text);
    }
}

} // namespace atelier::io
