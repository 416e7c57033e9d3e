// SPDX-License-Identifier: Apache-2.0
#include "base/file_names.h"

#include <algorithm>
#include <cctype>

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
