// SPDX-License-Identifier: Apache-2.0
#include "base/file_names.h"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <system_error>

namespace atelier {

std::string lower_extension(const std::filesystem::path& path) {
    std::string extension = path.extension().string();
    std::ranges::transform(extension, extension.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return extension;
}

std::string name_of_model(const std::string& name) {
    const std::string extension = lower_extension(name);
    const bool known = extension == ".pkl" || extension == ".pt" || extension == ".pth" || extension == ".safetensors";
    return known ? std::filesystem::path(name).stem().string() : name;
}

namespace {

// The number of "snapshot-000050" or "snapshot-000001.25" without its zeros; empty: it is another name.
std::string kimg_of(const std::string& stem) {
    constexpr std::string_view head = "snapshot-";
    if (!stem.starts_with(head) || stem.size() == head.size())
        return {};
    const std::string number = stem.substr(head.size());
    if (number.find_first_not_of("0123456789.") != std::string::npos)
        return {};
    const std::size_t first = std::min(number.find_first_not_of('0'), number.size());
    const std::string plain = number.substr(first);
    return plain.empty() || plain[0] == '.' ? "0" + plain : plain;
}

} // namespace

std::string shown_name_of(const std::filesystem::path& model_file) {
    std::error_code error;
    const std::filesystem::path whole = std::filesystem::absolute(model_file, error).lexically_normal();
    const std::string run = whole.parent_path().filename().string(), stem = whole.stem().string();
    const bool of_run = whole.extension() == ".safetensors" && !run.empty() &&
                        std::filesystem::is_regular_file(whole.parent_path() / "options.json", error);
    if (of_run && stem == "checkpoint")
        return run;
    if (const std::string kimg = of_run ? kimg_of(stem) : std::string(); !kimg.empty())
        return run + " at " + kimg + " kimg";
    return model_file.filename().string();
}

std::string file_name_for(const std::string& shown_name) {
    std::string name = name_of_model(shown_name);
    constexpr std::string_view at = " at ", unit = " kimg";
    if (const std::size_t from = name.rfind(at); from != std::string::npos && name.ends_with(unit)) {
        const std::string number = name.substr(from + at.size(), name.size() - from - at.size() - unit.size());
        name = name.substr(0, from) + "-" + number + "kimg";
    }
    constexpr std::string_view in_training = " in training"; // it goes on, so the file says nothing of where it was
    if (name.ends_with(in_training))
        name.resize(name.size() - in_training.size());
    std::ranges::replace_if(
        name,
        [](char c) {
            return static_cast<unsigned char>(c) < 0x20 ||
                   std::string_view("/\\:*?\"<>|").find(c) != std::string_view::npos;
        },
        '-');
    name.erase(0, std::min(name.find_first_not_of(". "), name.size()));
    constexpr std::size_t most = 80;
    if (name.size() > most) {
        std::size_t end = most;
        while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xc0U) == 0x80) // not within a character
            --end;
        name.resize(end);
    }
    while (!name.empty() && (name.back() == '.' || name.back() == ' '))
        name.pop_back();
    return name;
}

bool is_dropping(const std::filesystem::path& path) {
    return std::ranges::any_of(
        path, [](const std::filesystem::path& part) { return part.string().starts_with('.') || part == "__MACOSX"; });
}

std::vector<std::filesystem::path> newest_first(const std::filesystem::path& folder) {
    namespace fs = std::filesystem;
    std::error_code error;
    std::vector<std::pair<fs::file_time_type, fs::path>> found;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        found.emplace_back(it->last_write_time(error), it->path());
    }
    std::sort(found.rbegin(), found.rend());
    std::vector<fs::path> paths;
    for (auto& [time, path] : found) {
        paths.push_back(std::move(path));
    }
    return paths;
}

void keep_newest(const std::filesystem::path& folder, std::size_t most, const std::string& extension) {
    std::vector<std::filesystem::path> files = newest_first(folder);
    std::erase_if(files, [&](const auto& file) { return !extension.empty() && file.extension() != extension; });
    std::error_code ignored;
    for (std::size_t i = most; i < files.size(); ++i) {
        std::filesystem::remove(files[i], ignored);
    }
}

bool would_change(const std::filesystem::path& target, const std::vector<std::filesystem::path>& inputs) {
    namespace fs = std::filesystem;
    std::error_code error;
    const auto real = [&](const fs::path& path) { return fs::weakly_canonical(fs::absolute(path, error), error); };
    const fs::path part = real(target);
    const bool there = fs::exists(target, error);
    return std::ranges::any_of(inputs, [&](const fs::path& input) {
        if (there && fs::equivalent(target, input, error)) {
            return true;
        }
        if (!fs::is_directory(input, error)) {
            return false;
        }
        const fs::path whole = real(input);
        return std::mismatch(whole.begin(), whole.end(), part.begin(), part.end()).first == whole.end();
    });
}

} // namespace atelier
