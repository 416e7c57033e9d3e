// SPDX-License-Identifier: Apache-2.0
#include "prepare/sources.h"

#include <algorithm>
#include <array>
#include <functional>
#include <string_view>

#include "base/error.h"
#include "base/file_names.h"
#include "io/pickle_value.h"
#include "io/zip_file.h"
#include "prepare/decoder_pool.h"
#include "prepare/pages.h"
#include "prepare/picture_header.h"

namespace atelier::prepare {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_sources = 1'000'000;
constexpr std::array<std::string_view, 15> picture_kinds{".png",  ".jpg",  ".jpeg", ".jpe",  ".jfif",
                                                         ".webp", ".tif",  ".tiff", ".bmp",  ".gif",
                                                         ".apng", ".heic", ".heif", ".avif", ".hif"};
constexpr std::array<std::string_view, 9> video_kinds{".mp4", ".mov", ".mkv",  ".webm", ".avi",
                                                      ".m4v", ".mpg", ".mpeg", ".wmv"};
// Not read, unless the contents are of another kind than the name says.
constexpr std::array<std::string_view, 7> other_pictures{".tga", ".jxl", ".jp2", ".ppm", ".pgm", ".psd", ".exr"};
// TIFF by their first bytes, with a small copy in it; what the camera saw is stored in ways of its own.
constexpr std::array<std::string_view, 9> raw_pictures{".raw", ".cr2", ".cr3", ".nef", ".arw",
                                                       ".dng", ".orf", ".rw2", ".pef"};
constexpr const char* unread = "is a picture of a kind that isn't read; save it as PNG or JPEG";

template <std::size_t N> bool is_one_of(const std::string& text, const std::array<std::string_view, N>& list) {
    return std::ranges::find(list, text) != list.end();
}

class Finder {
public:
    explicit Finder(double every) : every_(every) {}

    // `several`: not the only folder or zip, so that names begin with its own.
    void add_input(const fs::path& input, bool several) {
        std::error_code error;
        const fs::file_type kind = fs::status(input, error).type();
        const std::string prefix = several ? own_name(input) + "/" : "";
        if (kind == fs::file_type::directory) {
            add_folder(input, prefix);
        } else if (kind == fs::file_type::regular && lower_extension(input) == ".zip") {
            add_zip(input, input.filename().string(), prefix);
        } else if (kind == fs::file_type::regular) {
            add_file(input, input.filename().string(), true); // a picture whatever it is called
        } else if (fs::exists(fs::symlink_status(input, error))) {
            fail("{}: is no folder and no file that could be read.", input.string());
        } else {
            fail("{}: there is no such folder or file.", input.string());
        }
    }

    Sources take() {
        if (found_.pictures.empty()) {
            fail("There is no picture in what was named; PNG, JPEG, WebP, TIFF, BMP, GIF, HEIC, AVIF, zips of these "
                 "and videos are read.");
        }
        return std::move(found_);
    }

private:
    // `prefix`: of the names, where several folders are named.
    void add_folder(const fs::path& folder, const std::string& prefix) {
        std::vector<Entry> entries;
        if (const std::error_code error = list(folder, "", entries)) {
            fail("{}: can't be read ({}).", folder.string(), error.message());
        }
        std::ranges::sort(entries, {}, &Entry::name);
        for (const Entry& entry : entries) {
            if (is_dropping(entry.name)) {
                continue;
            }
            const std::string name = prefix + entry.name.generic_string();
            if (entry.trouble.empty()) {
                add_file(folder / entry.name, name, false);
            } else {
                add_picture(folder / entry.name, name, entry.trouble);
            }
        }
    }

    struct Entry {
        fs::path name; // within the folder
        std::string trouble;
    };

    // All files within, but those behind links to folders; a folder within that can't be read is an entry, too.
    static std::error_code list(const fs::path& folder, const fs::path& within, std::vector<Entry>& entries) {
        std::error_code error;
        std::vector<fs::path> folders;
        for (fs::directory_iterator it(folder / within, error), end; !error && it != end; it.increment(error)) {
            std::error_code odd;
            const bool link = it->is_symlink(odd), is_folder = it->is_directory(odd);
            const fs::path name = within / it->path().filename();
            if (is_folder && !link) {
                folders.push_back(name);
            } else if (is_folder) {
                entries.push_back({name, "is a link to a folder, which is not followed; name that folder, too"});
            } else if (!is_folder && (link || !it->is_other(odd))) { // pipes and devices are never opened
                entries.push_back({name, ""});
            }
            if (entries.size() > most_sources) {
                too_many();
            }
        }
        for (const fs::path& name : folders) {
            if (const std::error_code inner = list(folder, name, entries)) {
                entries.push_back({name, fmt::format("is a folder that can't be read ({})", inner.message())});
            }
        }
        return error;
    }

    void add_file(const fs::path& path, const std::string& name, bool named) {
        const std::string extension = lower_extension(path);
        if (extension == ".zip") {
            add_zip(path, name, name + "/");
        } else if (is_one_of(extension, video_kinds)) {
            add_video(path, name);
        } else if (is_one_of(extension, raw_pictures)) {
            add_picture(path, name, unread);
        } else {
            const Look look = looked_at(path, [&] {
                const io::InputFile file(path);
                return pages_of(io::ByteSource::of(file));
            });
            put_pages(look, extension, named, name, SourceKind::file, path, [](Source&) {});
        }
    }

    struct Look {
        PageCount pages;
        std::string trouble; // why nothing could be looked at
    };

    template <typename Count> static Look looked_at(const fs::path& path, const Count& count) {
        try {
            return {count(), ""};
        } catch (const Error& error) {
            return {{}, without_path(error.what(), path)};
        }
    }

    // Of one file or entry by its contents, or not at all. likely: the person says that it is a picture. complete: sets
    // what the source of an entry holds besides.
    void put_pages(const Look& look, const std::string& extension, bool likely, const std::string& name,
                   SourceKind kind, const fs::path& path, const std::function<void(Source&)>& complete) {
        const bool none = look.pages.kind == io::PictureKind::none;
        const bool unread_kind = is_one_of(extension, other_pictures);
        if (none && !likely && !unread_kind && !is_one_of(extension, picture_kinds)) {
            ++found_.others;
            return;
        }
        for (int page = 0; page < look.pages.count; ++page) {
            Source& source = put(kind, path, name);
            if (look.pages.count > 1) { // also behind a name that was cut short
                source.name += fmt::format(", {} {}", look.pages.word, page + 1);
            }
            source.page = page;
            source.pages = look.pages.count;
            source.trouble = look.trouble.empty() && none && unread_kind ? unread : look.trouble;
            complete(source);
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

    void add_zip(const fs::path& path, const std::string& name, const std::string& prefix) {
        std::shared_ptr<const io::ZipFile> zip;
        try {
            zip = std::make_shared<const io::ZipFile>(path);
        } catch (const Error& error) {
            add_picture(path, name, without_path(error.what(), path));
            return;
        }
        for (const auto& [entry, facts] : zip->entries()) {
            if (entry.ends_with('/') || is_dropping(entry)) {
                continue;
            }
            add_entry(zip, entry, facts, path, prefix + entry);
        }
    }

    void add_entry(const std::shared_ptr<const io::ZipFile>& zip, const std::string& entry, const io::ZipEntry& facts,
                   const fs::path& path, const std::string& name) {
        const std::string extension = lower_extension(entry);
        const auto complete = [&](Source& source) {
            source.entry = entry;
            source.zip = zip;
            source.bytes = facts.full_size;
        };
        if (is_one_of(extension, raw_pictures)) {
            Source& source = put(SourceKind::zip_entry, path, name);
            complete(source);
            source.trouble = unread;
            return;
        }
        const Look look = looked_at(path, [&] {
            if (facts.method == 0 && !facts.encrypted()) {
                return pages_of(zip->stored(entry));
            }
            const std::vector<std::uint8_t> bytes = zip->extract(entry, most_file);
            return pages_of(io::ByteSource::of(bytes));
        });
        put_pages(look, extension, false, name, SourceKind::zip_entry, path, complete);
    }

    void add_video(const fs::path& path, const std::string& name) {
        double length = 0;
        try {
            length = decoder().open_video(std::make_shared<const io::InputFile>(path));
            decoder().close();
        } catch (const Error& error) {
            add_picture(path, name, without_path(error.what(), path));
            return;
        }
        for (int i = 0; i == 0 || i * every_ < length; ++i) {
            const double seconds = i * every_;
            put(SourceKind::video_frame, path, fmt::format("{} at {:.2f} s", name, seconds)).seconds = seconds;
        }
    }

    Decoder& decoder() {
        if (!decoder_) {
            decoder_ = borrow_decoder();
        }
        return *decoder_;
    }

    PageCount pages_of(const io::ByteSource& file) {
        return count_pages(file,
                           [this](std::vector<std::uint8_t> bytes) { return decoder().heif_pages(std::move(bytes)); });
    }

    static std::string own_name(const fs::path& input) {
        std::error_code error;
        const fs::path whole = fs::absolute(input, error).lexically_normal();
        return (whole.has_filename() ? whole : whole.parent_path()).filename().string();
    }

    static std::string without_path(const std::string& text, const fs::path& path) {
        const std::string prefix = path.string() + ": ";
        return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
    }

    [[noreturn]] static void too_many() {
        fail("There are more than {} pictures in what was named; prepare them in parts.", most_sources);
    }

    double every_;
    BorrowedDecoder decoder_; // null until something needs it
    Sources found_;
};

} // namespace

Sources find_sources(const std::vector<fs::path>& inputs, double every) {
    if (!(every >= 0.01 && every <= 86400)) {
        fail("--every is {}; it has to lie between 0.01 and 86400 seconds.", every);
    }
    Finder finder(every);
    const auto is_many = [](const fs::path& input) {
        std::error_code error;
        return fs::is_directory(input, error) || lower_extension(input) == ".zip";
    };
    const bool several = std::ranges::count_if(inputs, is_many) > 1;
    for (const fs::path& input : inputs) {
        finder.add_input(input, several);
    }
    return finder.take();
}

DecoderInput input_of(const Source& source) {
    if (source.kind == SourceKind::zip_entry) {
        return {nullptr, source.zip->extract(source.entry, most_file)};
    }
    auto file = std::make_shared<const io::InputFile>(source.path);
    if (file->size() > most_file) {
        fail("{}: is larger than {} MiB, so it is not read as a picture", source.path.string(), most_file >> 20U);
    }
    return {std::move(file), {}};
}

} // namespace atelier::prepare
