// SPDX-License-Identifier: Apache-2.0
#include "prepare/sources.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/error.h"
#include "base/file_names.h"
#include "io/pickle_value.h"
#include "io/zip_file.h"
#include "media/video_frames.h"
#include "prepare/picture_header.h"

namespace atelier::prepare {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_sources = 1'000'000;
constexpr std::array<std::string_view, 9> picture_kinds{".png",  ".jpg", ".jpeg", ".jpe", ".jfif",
                                                        ".webp", ".tif", ".tiff", ".bmp"};
constexpr std::array<std::string_view, 9> video_kinds{".mp4", ".mov", ".mkv",  ".webm", ".avi",
                                                      ".m4v", ".mpg", ".mpeg", ".wmv"};
constexpr std::array<std::string_view, 16> other_pictures{".gif", ".tga", ".heic", ".heif", ".avif", ".jxl",
                                                          ".jp2", ".ppm", ".pgm",  ".psd",  ".raw",  ".cr2",
                                                          ".nef", ".arw", ".dng",  ".exr"};

template <std::size_t N> bool is_one_of(const std::string& text, const std::array<std::string_view, N>& list) {
    return std::ranges::find(list, text) != list.end();
}

class Finder {
public:
    explicit Finder(double every) : every_(every) {}

    void add_input(const fs::path& input) {
        std::error_code error;
        const fs::file_type kind = fs::status(input, error).type();
        if (kind == fs::file_type::directory) {
            add_folder(input);
        } else if (kind == fs::file_type::regular) {
            add_named(input);
        } else if (fs::exists(fs::symlink_status(input, error))) {
            fail("{}: is no folder and no file that could be read.", input.string());
        } else {
            fail("{}: there is no such folder or file.", input.string());
        }
    }

    Sources take() {
        if (found_.pictures.empty()) {
            fail("There is no picture in what was named; PNG, JPEG, WebP, TIFF, BMP, zips of these and videos are "
                 "read.");
        }
        return std::move(found_);
    }

private:
    void add_folder(const fs::path& folder) {
        std::vector<fs::path> files;
        std::error_code error;
        fs::recursive_directory_iterator it(folder, fs::directory_options::skip_permission_denied, error), end;
        for (; !error && it != end; it.increment(error)) {
            std::error_code odd;
            const bool link = it->is_symlink(odd), is_folder = it->is_directory(odd);
            if (!is_folder && (link || !it->is_other(odd))) { // pipes and devices are never opened
                files.push_back(it->path().lexically_relative(folder));
            }
            if (files.size() > most_sources) {
                too_many();
            }
        }
        if (error) {
            fail("{}: can't be read, or a folder in it ({}).", folder.string(), error.message());
        }
        std::ranges::sort(files);
        for (const fs::path& file : files) {
            if (!is_dropping(file)) {
                add_file(folder / file, file.generic_string(), false);
            }
        }
    }

    // A single file counts as a picture whatever it is called.
    void add_named(const fs::path& file) { add_file(file, file.filename().string(), true); }

    void add_file(const fs::path& path, const std::string& name, bool named) {
        const std::string extension = lower_extension(path);
        if (extension == ".zip") {
            add_zip(path, name, named);
        } else if (is_one_of(extension, video_kinds)) {
            add_video(path, name);
        } else if (is_one_of(extension, picture_kinds) || (named && !is_one_of(extension, other_pictures))) {
            add_picture(path, name, "");
        } else if (is_one_of(extension, other_pictures)) {
            add_picture(path, name, "is a picture of a kind that isn't read; save it as PNG or JPEG");
        } else {
            ++found_.others;
        }
    }

    Source& put(SourceKind kind, const fs::path& path, const std::string& name) {
        if (found_.pictures.size() >= most_sources) {
            too_many();
        }
        Source source;
        source.kind = kind;
        source.path = path;
        source.name = io::printable(name);
        const std::size_t slash = name.find('/');
        source.folder = slash == std::string::npos ? "" : io::printable(name.substr(0, slash));
        std::error_code error;
        source.bytes = fs::file_size(path, error);
        source.bytes = error ? 0 : source.bytes;
        const auto time = fs::last_write_time(path, error);
        source.changed = error ? 0 : static_cast<std::int64_t>(time.time_since_epoch().count());
        found_.pictures.push_back(std::move(source));
        return found_.pictures.back();
    }

    void add_picture(const fs::path& path, const std::string& name, const std::string& trouble) {
        put(SourceKind::file, path, name).trouble = trouble;
    }

    void add_zip(const fs::path& path, const std::string& name, bool named) {
        std::shared_ptr<const io::ZipFile> zip;
        try {
            zip = std::make_shared<const io::ZipFile>(path);
        } catch (const Error& error) {
            add_picture(path, name, without_path(error.what(), path));
            return;
        }
        const std::string prefix = named ? "" : name + "/";
        for (const auto& [entry, facts] : zip->entries()) {
            const std::string extension = lower_extension(entry);
            const bool picture = is_one_of(extension, picture_kinds);
            if (entry.ends_with('/') || is_dropping(entry)) {
                continue;
            }
            if (!picture && !is_one_of(extension, other_pictures)) {
                ++found_.others;
                continue;
            }
            Source& source = put(SourceKind::zip_entry, path, prefix + entry);
            source.entry = entry;
            source.zip = zip;
            source.bytes = facts.full_size;
            source.trouble = picture ? "" : "is a picture of a kind that isn't read; save it as PNG or JPEG";
        }
    }

    void add_video(const fs::path& path, const std::string& name) {
        double length = 0;
        try {
            length = media::VideoFrames(path).seconds();
        } catch (const Error& error) {
            add_picture(path, name, without_path(error.what(), path));
            return;
        }
        for (int i = 0; i == 0 || i * every_ < length; ++i) {
            const double seconds = i * every_;
            put(SourceKind::video_frame, path, fmt::format("{} at {:.2f} s", name, seconds)).seconds = seconds;
        }
    }

    static std::string without_path(const std::string& text, const fs::path& path) {
        const std::string prefix = path.string() + ": ";
        return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
    }

    [[noreturn]] static void too_many() {
        fail("There are more than {} pictures in what was named; prepare them in parts.", most_sources);
    }

    double every_;
    Sources found_;
};

} // namespace

Sources find_sources(const std::vector<fs::path>& inputs, double every) {
    if (!(every >= 0.01 && every <= 86400)) {
        fail("--every is {}; it has to lie between 0.01 and 86400 seconds.", every);
    }
    Finder finder(every);
    for (const fs::path& input : inputs) {
        finder.add_input(input);
    }
    return finder.take();
}

std::vector<std::uint8_t> read_bytes(const Source& source) {
    if (source.kind == SourceKind::zip_entry) {
        return source.zip->extract(source.entry, most_file);
    }
    const io::InputFile file(source.path);
    if (file.size() > most_file) {
        fail("{}: is larger than {} MiB, so it is not read as a picture", source.path.string(), most_file >> 20U);
    }
    return file.read_all();
}

} // namespace atelier::prepare
