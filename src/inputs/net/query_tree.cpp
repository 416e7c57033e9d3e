// SPDX-License-Identifier: Apache-2.0
#include "inputs/net/query_tree.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include <nlohmann/json.hpp>

#include "inputs/net/osc_encode.h"

namespace atelier::net {
namespace {

using nlohmann::json;

constexpr std::array attributes{"FULL_PATH", "CONTENTS", "TYPE",        "ACCESS",        "RANGE",   "VALUE",
                                "UNIT",      "CLIPMODE", "DESCRIPTION", "EXTENDED_TYPE", "CRITICAL"};

// As a reader of 32-bit floats has it: 0.7 and not 0.699999988.
json number_of(double value) {
    return std::round(value * 1e6) / 1e6;
}

json value_of(const MirroredParameter& parameter, double value) {
    switch (parameter.kind) {
    case ParameterKind::whole: return static_cast<std::int64_t>(value);
    case ParameterKind::toggle: return value != 0;
    case ParameterKind::choice: {
        const auto index = static_cast<std::size_t>(std::max(0.0, value));
        return index < parameter.names.size() ? json(parameter.names[index]) : json();
    }
    default: return number_of(value);
    }
}

json range_of(const MirroredParameter& parameter) {
    if (parameter.kind == ParameterKind::choice)
        return json::array({{{"VALS", parameter.names}}});
    if (parameter.kind == ParameterKind::whole)
        return json::array(
            {{{"MIN", static_cast<std::int64_t>(parameter.min)}, {"MAX", static_cast<std::int64_t>(parameter.max)}}});
    return json::array({{{"MIN", number_of(parameter.min)}, {"MAX", number_of(parameter.max)}}});
}

json node_of(const MirroredParameter& parameter, const std::string& path, double value, bool may_set) {
    const bool trigger = parameter.kind == ParameterKind::trigger;
    const bool open = may_set && parameter.open && !parameter.fact;
    std::string type(1, osc_type_of(parameter));
    if (parameter.kind == ParameterKind::toggle && value == 0)
        type = "F";
    json node = {{"FULL_PATH", path}, {"TYPE", type}, {"ACCESS", trigger ? (open ? 2 : 0) : (open ? 3 : 1)}};
    std::string description = parameter.label;
    if (!parameter.tooltip.empty())
        description += (description.empty() ? "" : ": ") + parameter.tooltip;
    node["DESCRIPTION"] = description;
    if (trigger)
        return node;
    node["VALUE"] = json::array({value_of(parameter, value)});
    if (!parameter.unit.empty())
        node["UNIT"] = json::array({parameter.unit});
    if (parameter.kind != ParameterKind::toggle && !parameter.fact) {
        node["RANGE"] = range_of(parameter);
        node["CLIPMODE"] = json::array({"both"});
    }
    return node;
}

json folder(const std::string& path) {
    return {{"FULL_PATH", path}, {"ACCESS", 0}, {"CONTENTS", json::object()}};
}

// The part of the tree below that path; none: there is nothing.
std::optional<json> tree_at(const ParameterMirror::View& view, const std::string& at, bool may_set) {
    const std::string below = at == "/" ? at : at + "/";
    json tree = folder(at);
    bool any = false;
    for (std::size_t i = 0; i < view.table->all().size(); ++i) {
        const std::string& path = view.table->path(i);
        const MirroredParameter& each = view.table->all()[i];
        if (path == at) {
            tree.update(node_of(each, path, view.values[i], may_set));
            any = true;
        }
        if (!path.starts_with(below))
            continue;
        any = true;
        json* node = &tree;
        for (std::size_t from = below.size(); from <= path.size();) {
            const std::size_t end = std::min(path.find('/', from), path.size());
            json& contents = (*node)["CONTENTS"];
            const std::string name = path.substr(from, end - from);
            if (!contents.contains(name))
                contents[name] = end == path.size() ? json::object() : folder(path.substr(0, end));
            node = &contents[name];
            from = end + 1;
        }
        node->update(node_of(each, path, view.values[i], may_set));
    }
    if (!any && at != "/")
        return std::nullopt;
    if (tree["CONTENTS"].empty() && tree.contains("TYPE"))
        tree.erase("CONTENTS");
    return tree;
}

json host_info(const QueryHost& host) {
    json info = {{"NAME", "Atelier"},
                 {"EXTENSIONS",
                  {{"ACCESS", true},
                   {"VALUE", true},
                   {"RANGE", true},
                   {"DESCRIPTION", true},
                   {"UNIT", true},
                   {"CLIPMODE", true},
                   {"LISTEN", true},
                   {"PATH_CHANGED", true}}},
                 {"WS_PORT", host.own_port}};
    if (host.osc_port != 0) {
        info["OSC_PORT"] = host.osc_port;
        info["OSC_TRANSPORT"] = "UDP";
        if (!host.osc_address.empty())
            info["OSC_IP"] = host.osc_address;
    }
    return info;
}

std::string text_of(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

} // namespace

std::string percent_decoded(std::string_view text) {
    const auto digit = [](char c) {
        if (c >= '0' && c <= '9')
            return c - '0';
        const char lower = static_cast<char>(c | 0x20);
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    };
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool whole = text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0;
        out += whole ? static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2])) : text[i];
        i += whole ? 2 : 0;
    }
    return out;
}

QueryAnswer answer_query(const ParameterMirror::View& view, const QueryHost& host, std::string_view target) {
    if (target.empty() || target.size() > longest_target || target[0] != '/')
        return {400};
    const std::size_t mark = target.find('?');
    std::string path = percent_decoded(target.substr(0, mark));
    while (path.size() > 1 && path.ends_with('/'))
        path.pop_back();
    const std::string attribute = mark == std::string_view::npos ? "" : percent_decoded(target.substr(mark + 1));
    if (attribute == "HOST_INFO")
        return {200, text_of(host_info(host))};
    const bool known = attribute.empty() || std::ranges::find(attributes, attribute) != attributes.end();
    if (!known)
        return {400};
    const auto tree = tree_at(view, path, host.may_set);
    if (!tree)
        return {404};
    if (attribute.empty())
        return {200, text_of(*tree)};
    if (!tree->contains(attribute))
        return {204};
    return {200, text_of({{attribute, (*tree)[attribute]}})};
}

ListenCommand read_listen_command(std::string_view text) {
    if (text.size() > longest_command)
        return {};
    const json read = json::parse(text, nullptr, false);
    if (!read.is_object())
        return {};
    const auto command = read.find("COMMAND"), data = read.find("DATA");
    if (command == read.end() || data == read.end() || !command->is_string() || !data->is_string())
        return {};
    const auto& name = command->get_ref<const std::string&>();
    const auto kind = name == "LISTEN"   ? ListenCommand::Kind::listen
                      : name == "IGNORE" ? ListenCommand::Kind::ignore
                                         : ListenCommand::Kind::other;
    return {kind, data->get<std::string>()};
}

} // namespace atelier::net
