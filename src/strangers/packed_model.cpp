// SPDX-License-Identifier: Apache-2.0
#include "strangers/packed_model.h"

#include <array>
#include <cstring>
#include <new>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <ATen/ops/empty.h>

#include "base/error.h"
#include "io/state_dict.h"

namespace atelier::strangers {
namespace {

using nlohmann::json;

constexpr std::uint64_t alignment = 64;
constexpr std::size_t deepest = 100; // values within values; no reader goes further down
constexpr std::size_t most_dimensions = 16;
constexpr std::array kinds{at::kFloat, at::kHalf,  at::kBFloat16, at::kDouble, at::kLong,
                           at::kInt,   at::kShort, at::kChar,     at::kByte,   at::kBool};
constexpr int last_kind = static_cast<int>(io::FileKind::rosinality);

// Looks at the bytes before a value is made of them, since that would follow them however deep they go.
class Depth : public nlohmann::json_sax<json> {
public:
    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool string(string_t&) override { return true; }
    bool binary(binary_t&) override { return false; }
    bool start_object(std::size_t) override { return ++depth_ < deepest; }
    bool key(string_t&) override { return true; }
    bool end_object() override { return depth_-- > 0; }
    bool start_array(std::size_t) override { return ++depth_ < deepest; }
    bool end_array() override { return depth_-- > 0; }
    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

private:
    std::size_t depth_ = 0;
};

[[noreturn]] void nonsense() {
    fail("could not be read: its reader answered nonsense");
}

void expect(bool sense) {
    if (!sense)
        nonsense();
}

json value_in(std::span<const std::uint8_t> text) {
    try {
        Depth depth;
        expect(json::sax_parse(text.begin(), text.end(), &depth, json::input_format_t::cbor));
        return json::from_cbor(text.begin(), text.end(), true, false);
    } catch (const std::length_error&) { // of a text that says that it is longer than memory can be
        nonsense();
    } catch (const std::bad_alloc&) {
        nonsense();
    }
}

class Packer {
public:
    explicit Packer(std::span<std::uint8_t> into) : into_(into) {}

    json tensor(const std::string& name, const at::Tensor& given, bool buffer) {
        const auto kind = std::find(kinds.begin(), kinds.end(), given.scalar_type());
        if (kind == kinds.end())
            fail("{} has values of a kind that no model has", name);
        const bool last =
            given.dim() == 4 && !given.is_contiguous() && given.is_contiguous(at::MemoryFormat::ChannelsLast);
        const at::Tensor value = last ? given : given.contiguous();
        const std::uint64_t bytes = value.nbytes();
        const std::uint64_t at = reserve(bytes);
        if (bytes > 0)
            std::memcpy(into_.data() + at, value.const_data_ptr(), bytes);
        return {name, kind - kinds.begin(), value.sizes().vec(), last, buffer, at};
    }
    PackedAt describe(const json& all) {
        const std::vector<std::uint8_t> text = json::to_cbor(all);
        const std::uint64_t at = reserve(text.size());
        std::memcpy(into_.data() + at, text.data(), text.size());
        return {at, text.size()};
    }

private:
    std::uint64_t reserve(std::uint64_t bytes) {
        const std::uint64_t at = (used_ + alignment - 1) / alignment * alignment;
        if (at > into_.size() || bytes > into_.size() - at)
            fail("holds several times as much as the file is long, which no model does");
        used_ = at + bytes;
        return at;
    }

    std::span<std::uint8_t> into_;
    std::uint64_t used_ = 0;
};

io::NamedTensor tensor_of(const json& from, std::span<const std::uint8_t> bytes) {
    expect(from.is_array() && from.size() == 6 && from[0].is_string() && from[1].is_number_unsigned() &&
           from[2].is_array() && from[3].is_boolean() && from[4].is_boolean() && from[5].is_number_unsigned());
    const auto kind = from[1].get<std::uint64_t>();
    expect(kind < kinds.size() && from[2].size() <= most_dimensions);
    std::vector<std::int64_t> sizes;
    std::uint64_t count = 1;
    for (const json& each : from[2]) {
        expect(each.is_number_unsigned());
        const auto size = each.get<std::uint64_t>();
        expect(size <= bytes.size() && (count == 0 || size <= bytes.size() / count));
        count *= size;
        sizes.push_back(static_cast<std::int64_t>(size));
    }
    const bool last = from[3].get<bool>();
    expect(!last || sizes.size() == 4);
    const auto at = from[5].get<std::uint64_t>();
    const std::uint64_t wanted = count * c10::elementSize(kinds[kind]);
    expect(at % alignment == 0 && at <= bytes.size() && wanted <= bytes.size() - at);
    io::NamedTensor out{
        from[0].get<std::string>(),
        at::empty(sizes, at::TensorOptions(kinds[kind])
                             .memory_format(last ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous)),
        from[4].get<bool>()};
    io::check_name(out.name);
    if (wanted > 0)
        std::memcpy(out.value.mutable_data_ptr(), bytes.data() + at, wanted);
    return out;
}

const json& part(const json& of, const char* name) {
    expect(of.is_object());
    const auto found = of.find(name);
    expect(found != of.end());
    return *found;
}

io::NetworkData network_of(const json& from, std::span<const std::uint8_t> bytes) {
    expect(part(from, "class_name").is_string() && part(from, "claims").is_boolean() &&
           part(from, "tensors").is_array());
    io::NetworkData out;
    out.class_name = part(from, "class_name").get<std::string>();
    out.init_kwargs = part(from, "init_kwargs");
    out.attributes = part(from, "attributes");
    out.channels_are_claims = part(from, "claims").get<bool>();
    std::set<std::string> names;
    for (const json& each : part(from, "tensors")) {
        out.tensors.push_back(tensor_of(each, bytes));
        expect(names.insert(out.tensors.back().name).second);
    }
    return out;
}

} // namespace

PackedAt pack(const io::CheckpointFile& file, std::span<std::uint8_t> into) {
    Packer packer(into);
    json networks = json::object(), trainer = json::array();
    for (const auto& [name, network] : file.networks) {
        json tensors = json::array();
        for (const io::NamedTensor& each : network.tensors)
            tensors.push_back(packer.tensor(each.name, each.value, each.buffer));
        networks[name] = {{"class_name", network.class_name},
                          {"init_kwargs", network.init_kwargs},
                          {"attributes", network.attributes},
                          {"claims", network.channels_are_claims},
                          {"tensors", std::move(tensors)}};
    }
    for (const auto& [name, value] : file.trainer)
        trainer.push_back(packer.tensor(name, value, false));
    return packer.describe({{"kind", static_cast<int>(file.kind)},
                            {"description", file.description},
                            {"metadata", file.metadata},
                            {"warnings", file.warnings},
                            {"networks", std::move(networks)},
                            {"trainer", std::move(trainer)}});
}

io::CheckpointFile unpack(std::span<const std::uint8_t> from, const PackedAt& at) {
    expect(at.description <= from.size() && at.bytes <= from.size() - at.description);
    const auto text = from.subspan(at.description, at.bytes);
    json all = value_in(text);
    expect(all.is_object() && all.size() == 6 && all["kind"].is_number_unsigned() && all["description"].is_string() &&
           all["warnings"].is_array() && all["networks"].is_object() && all["trainer"].is_array() &&
           all["metadata"].is_object());
    expect(all["kind"].get<std::uint64_t>() <= last_kind);
    io::CheckpointFile out;
    out.kind = static_cast<io::FileKind>(all["kind"].get<int>());
    out.description = all["description"].get<std::string>();
    for (const json& each : all["warnings"]) {
        expect(each.is_string());
        out.warnings.push_back(each.get<std::string>());
    }
    for (auto& [name, network] : all["networks"].items()) {
        expect(name == "G" || name == "D" || name == "G_ema" || name == "augment_pipe");
        out.networks[name] = network_of(network, from);
    }
    for (const json& each : all["trainer"]) {
        io::NamedTensor tensor = tensor_of(each, from);
        out.trainer.emplace_back(std::move(tensor.name), std::move(tensor.value));
    }
    out.metadata = std::move(all["metadata"]);
    return out;
}

} // namespace atelier::strangers
