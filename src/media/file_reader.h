// SPDX-License-Identifier: Apache-2.0
// FileReader: a file as libav reads it, from a descriptor that is open: whatever stands in it, no other is opened.
// Included by src/media/*.cpp alone.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <new>

#include "base/error.h"
#include "io/input_file.h"
#include "media/libav.h"

namespace atelier::media {

class FileReader {
public:
    explicit FileReader(std::shared_ptr<const io::InputFile> file)
        : file_(std::move(file)), context_(avio_alloc_context(static_cast<unsigned char*>(av_malloc(buffer_bytes)),
                                                              buffer_bytes, 0, this, read, nullptr, seek)) {}
    ~FileReader() {
        if (context_ != nullptr) {
            av_freep(&context_->buffer);
            avio_context_free(&context_);
        }
    }
    FileReader(const FileReader&) = delete;
    FileReader& operator=(const FileReader&) = delete;

    AVIOContext* context() const { return context_; }

private:
    static constexpr int buffer_bytes = 32768;

    static int read(void* self, std::uint8_t* into, int bytes) {
        FileReader& reader = *static_cast<FileReader*>(self);
        const std::uint64_t left = reader.file_->size() - std::min(reader.at_, reader.file_->size());
        const auto count = static_cast<int>(std::min<std::uint64_t>(left, static_cast<std::uint64_t>(bytes)));
        if (count <= 0) {
            return AVERROR_EOF;
        }
        try {
            reader.file_->read_at(reader.at_, into, static_cast<std::uint64_t>(count));
        } catch (const Error&) { // it became shorter meanwhile, or the drive is gone
            return AVERROR(EIO);
        }
        reader.at_ += static_cast<std::uint64_t>(count);
        return count;
    }

    static std::int64_t seek(void* self, std::int64_t offset, int whence) {
        FileReader& reader = *static_cast<FileReader*>(self);
        const auto size = static_cast<std::int64_t>(reader.file_->size());
        if ((whence & AVSEEK_SIZE) != 0) {
            return size;
        }
        const int from = whence & ~AVSEEK_FORCE;
        const std::int64_t base = from == SEEK_CUR   ? static_cast<std::int64_t>(reader.at_)
                                  : from == SEEK_END ? size
                                                     : 0;
        std::int64_t to = 0;
        if (__builtin_add_overflow(base, offset, &to) || to < 0) {
            return AVERROR(EINVAL);
        }
        reader.at_ = static_cast<std::uint64_t>(to);
        return to;
    }

    std::shared_ptr<const io::InputFile> file_;
    std::uint64_t at_ = 0;
    AVIOContext* context_;
};

// `options` as avformat_open_input takes them, and freed; `code`: below 0 it is null. Throws std::bad_alloc.
inline InputPtr open_input(const FileReader& reader, const std::filesystem::path& name, AVDictionary** options,
                           int& code) {
    AVFormatContext* raw = avformat_alloc_context();
    if (raw == nullptr || reader.context() == nullptr) {
        avformat_free_context(raw);
        throw std::bad_alloc();
    }
    raw->pb = reader.context();
    // No protocol has that name, so a list inside the file can't make us open others.
    av_dict_set(options, "protocol_whitelist", "none", 0);
    // The name is a hint for kinds that can't be told by their contents.
    code = avformat_open_input(&raw, name.filename().c_str(), nullptr, options);
    av_dict_free(options);
    return InputPtr(code < 0 ? nullptr : raw);
}

} // namespace atelier::media
