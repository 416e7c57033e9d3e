// SPDX-License-Identifier: Apache-2.0
#include "doctor/report.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/error.h"

namespace atelier::doctor {
namespace {

const char* word(Result result) {
    switch (result) {
    case Result::passed: return "ok";
    case Result::failed: return "FAILED";
    case Result::impossible: break;
    }
    return "not checked";
}

} // namespace

int Report::count(Result result) const {
    return static_cast<int>(
        std::ranges::count_if(checks, [result](const Check& check) { return check.result == result; }));
}

Check checked(const std::string& name, const std::function<std::string()>& work) {
    try {
        return {name, Result::passed, work()};
    } catch (const std::exception& error) {
        return {name, Result::failed, message_of(error)};
    }
}

std::string line_of(const Check& check) {
    return fmt::format("  {:<12} {}{}{}", word(check.result), check.name, check.detail.empty() ? "" : ": ",
                       check.detail);
}

std::string speed_table(const std::vector<Speed>& speeds) {
    std::set<std::string> kinds;
    for (const Speed& each : speeds)
        for (const auto& [kind, ms] : each.ms)
            kinds.insert(kind);
    if (kinds.empty())
        return {};
    std::string text = fmt::format("  {:>6}", "px");
    for (const std::string& kind : kinds)
        text += fmt::format("  {:>12}", kind + " ms");
    for (const Speed& each : speeds) {
        text += fmt::format("\n  {:>6}", each.resolution);
        for (const std::string& kind : kinds) {
            const auto found = each.ms.find(kind);
            text += found == each.ms.end() ? fmt::format("  {:>12}", "-") : fmt::format("  {:>12.2f}", found->second);
        }
    }
    return text;
}

std::string summary_of(const Report& report) {
    const int failed = report.count(Result::failed), impossible = report.count(Result::impossible);
    const auto checks = [](int n) { return fmt::format("{} check{}", n, n == 1 ? "" : "s"); };
    std::string text = failed == 0
                           ? fmt::format("{} passed", checks(report.count(Result::passed)))
                           : fmt::format("{} FAILED of {}", failed, checks(static_cast<int>(report.checks.size())));
    if (impossible > 0)
        text += fmt::format("; {} could not be made here", checks(impossible));
    return text + ".";
}

std::string json_of(const Report& report) {
    nlohmann::json out;
    for (const auto& [what, value] : report.machine)
        out["machine"][what] = value;
    out["checks"] = nlohmann::json::array();
    for (const Check& check : report.checks)
        out["checks"].push_back({{"name", check.name}, {"result", word(check.result)}, {"detail", check.detail}});
    out["speeds"] = nlohmann::json::array();
    for (const Speed& each : report.speeds)
        out["speeds"].push_back({{"resolution", each.resolution}, {"ms", each.ms}});
    return out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

} // namespace atelier::doctor
