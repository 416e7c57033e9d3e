// SPDX-License-Identifier: Apache-2.0
#include "studio/session/crash_files.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string_view>

#include <cxxabi.h>

#include "base/file_names.h"
#include "base/path_text.h"
#include "crash/crash_report.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t most_bytes = 256 * 1024;

bool is_word(char c) {
    return c == '_' || c == '.' || c == '$' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
}

// "_ZN1a1bEv" as "a::b()", wherever a word begins so.
std::string with_names(const std::string& text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        while (end < text.size() && is_word(text[end]))
            ++end;
        if (end == at) {
            out += text[at++];
            continue;
        }
        const std::string word = text.substr(at, end - at);
        int status = -1;
        char* const name =
            word.starts_with("_Z") ? abi::__cxa_demangle(word.c_str(), nullptr, nullptr, &status) : nullptr;
        out += name != nullptr && status == 0 ? name : word.c_str();
        std::free(name);
        at = end;
    }
    return out;
}

} // namespace

std::vector<fs::path> new_crash_reports(const fs::path& folder) {
    std::vector<fs::path> all = folder.empty() ? std::vector<fs::path>() : newest_first(folder);
    std::erase_if(all, [](const fs::path& file) {
        const std::string name = file.filename().string();
        return !name.starts_with(crash::report_prefix) || !name.ends_with(crash::new_report_ending);
    });
    return all;
}

std::string crash_report_text(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::string text(most_bytes, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
    return with_names(readable_text(text));
}

std::string what_happened(const std::string& report) {
    for (const std::string_view mark : {"\nwhy: ", "\nwhat: "}) {
        std::size_t at = report.find(mark);
        if (at == std::string::npos)
            continue;
        at = report.find_first_not_of(' ', at + mark.size());
        return at == std::string::npos ? "" : report.substr(at, report.find('\n', at) - at);
    }
    return {};
}

fs::path shown_name(const fs::path& file) {
    const std::string name = file.filename().string();
    const std::string_view fresh = crash::new_report_ending;
    return name.ends_with(fresh)
               ? file.parent_path() / (name.substr(0, name.size() - fresh.size()) + crash::report_ending)
               : file;
}

void mark_as_shown(const fs::path& file) {
    std::error_code ignored;
    fs::rename(file, shown_name(file), ignored);
}

} // namespace atelier::studio
