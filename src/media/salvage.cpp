// SPDX-License-Identifier: Apache-2.0
#include "media/salvage.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "base/error.h"
#include "media/libav.h"

namespace atelier::media {
namespace fs = std::filesystem;
namespace {

struct Box {
    std::string kind;
    std::uint64_t size = 0; // with its head; 0: there is none, or it makes no sense
};

Box box_at(std::ifstream& in, std::uint64_t at) {
    std::array<unsigned char, 16> head{};
    in.clear();
    in.seekg(static_cast<std::streamoff>(at));
    if (!in.read(reinterpret_cast<char*>(head.data()), 8)) {
        return {};
    }
    const auto number = [&head](std::size_t from, std::size_t bytes) {
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < bytes; ++i) {
            value = value << 8U | head[from + i];
        }
        return value;
    };
    Box box{std::string(head.begin() + 4, head.begin() + 8), number(0, 4)};
    std::uint64_t head_size = 8;
    if (box.size == 1) {
        box.size = in.read(reinterpret_cast<char*>(head.data()) + 8, 8) ? number(8, 8) : 0;
        head_size = 16;
    }
    return box.size < head_size || box.size > std::uint64_t{1} << 48U ? Box{box.kind, 0} : box;
}

bool is_known(const std::string& kind) {
    constexpr std::string_view kinds[] = {"ftyp", "moov", "moof", "mdat", "mfra", "free", "wide"};
    return std::find(std::begin(kinds), std::end(kinds), kind) != std::end(kinds);
}

// The end of the last fragment, or of the head alone, that is there whole; 0: not such a file.
std::uint64_t whole_bytes(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    const std::uint64_t size = fs::file_size(file);
    std::uint64_t at = 0, whole = 0,
                  pictures = 0; // pictures: the end of some that are whole if something known follows
    for (Box box = box_at(in, 0); box.size > 0 && box.size <= size - at; box = box_at(in, at)) {
        if (at == 0 && box.kind != "ftyp") {
            return 0;
        }
        if (!is_known(box.kind)) { // a picture has less than it says, and what follows was taken for its rest
            return whole;
        }
        whole = std::max(whole, pictures);
        at += box.size;
        if (box.kind == "moov") {
            whole = at;
        } else if (box.kind == "mdat") { // a "moof" counts with the "mdat" that follows
            pictures = at;
        }
    }
    const std::string next = box_at(in, at).kind; // of one that is torn; none, or not written yet
    return next.empty() || next == std::string(4, '\0') || is_known(next) ? std::max(whole, pictures) : whole;
}

std::int64_t pictures_in(const fs::path& file) {
    AVFormatContext* raw = nullptr;
    const int code = avformat_open_input(&raw, ("file:" + file.string()).c_str(), nullptr, nullptr);
    const InputPtr input(raw);
    const PacketPtr packet(av_packet_alloc());
    if (code < 0 || !packet) {
        return 0;
    }
    std::int64_t count = 0;
    while (av_read_frame(input.get(), packet.get()) >= 0) {
        const AVCodecParameters& of = *input->streams[packet->stream_index]->codecpar;
        const bool plays = of.codec_id != AV_CODEC_ID_NONE && of.width > 0; // else its header was not written whole
        count += plays && (packet->flags & AV_PKT_FLAG_CORRUPT) == 0 ? 1 : 0;
        av_packet_unref(packet.get());
    }
    return count;
}

} // namespace

std::int64_t pictures_listed(const fs::path& file) {
    AVFormatContext* raw = nullptr;
    const int code = avformat_open_input(&raw, ("file:" + file.string()).c_str(), nullptr, nullptr);
    const InputPtr input(raw);
    if (code < 0) {
        return 0;
    }
    std::int64_t most = 0;
    for (unsigned i = 0; i < input->nb_streams; ++i) {
        const AVStream& stream = *input->streams[i];
        if (stream.codecpar->codec_type == AVMEDIA_TYPE_VIDEO && stream.codecpar->codec_id != AV_CODEC_ID_NONE) {
            most = std::max(most, stream.nb_frames);
        }
    }
    return most;
}

bool are_whole(const fs::path& file, std::uint64_t from, std::uint64_t to) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        return true; // as far as anybody can tell
    }
    while (from < to) {
        const Box box = box_at(in, from);
        if (box.size == 0 || !is_known(box.kind)) {
            return false;
        }
        from += box.size;
    }
    return from == to;
}

bool has_fragments(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::uint64_t at = 0;
    for (int count = 0; count < 16; ++count) {
        const Box box = box_at(in, at);
        if (box.kind == "moof") {
            return true;
        }
        if (box.size == 0) {
            return false;
        }
        at += box.size;
    }
    return false;
}

std::int64_t salvage(const fs::path& file) {
    std::error_code error;
    if (!fs::is_regular_file(file, error)) {
        fail("{}: can't be read.", file.string());
    }
    if (const std::uint64_t whole = whole_bytes(file); whole > 0) {
        fs::resize_file(file, whole, error); // refused: players stop at what is broken
    }
    return pictures_in(file);
}

} // namespace atelier::media
