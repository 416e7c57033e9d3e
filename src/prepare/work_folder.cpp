// SPDX-License-Identifier: Apache-2.0
#include "prepare/work_folder.h"

#include <cerrno>
#include <cstring>
#include <fstream>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/file.h>
#include <unistd.h>

#include "base/error.h"
#include "base/sha256.h"
#include "io/input_file.h"

namespace atelier::prepare {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* format = "atelier-prepare-3";
constexpr std::uint64_t largest = 256U << 20U;

// One table for both directions.
template <typename S, typename Visit> void each_number(S& scores, const Visit& visit) {
    visit("face", scores.face);
    visit("yaw", scores.yaw);
    visit("pitch", scores.pitch);
    visit("roll", scores.roll);
    visit("eyes", scores.eyes);
    visit("mouth", scores.mouth);
    visit("skin", scores.skin);
    visit("fit", scores.fit);
    visit("sharpness", scores.sharpness);
    visit("exposure", scores.exposure);
    visit("source", scores.source);
}

template <typename Points> json points_json(const Points& points) {
    json list = json::array();
    for (const Point& point : points) {
        list.push_back(point.x);
        list.push_back(point.y);
    }
    return list;
}

std::vector<Point> points_from(const json& list) {
    std::vector<Point> points;
    for (std::size_t i = 0; i + 1 < list.size(); i += 2) {
        points.push_back({list[i].get<double>(), list[i + 1].get<double>()});
    }
    return points;
}

json to_json(const Crop& crop) {
    json scores{{"hash", crop.scores.hash}, {"colours", crop.scores.colours}, {"digest", crop.scores.digest}};
    each_number(crop.scores, [&](const char* name, double value) { scores[name] = value; });
    return {{"corners", points_json(crop.corners)},
            {"landmarks", points_json(crop.landmarks)},
            {"scores", scores},
            {"png", crop.png.size()}};
}

Crop crop_from(const json& in) {
    Crop crop;
    const std::vector<Point> corners = points_from(in.at("corners"));
    for (std::size_t i = 0; i < 4; ++i) {
        crop.corners[i] = corners.at(i);
    }
    crop.landmarks = points_from(in.at("landmarks"));
    const json& scores = in.at("scores");
    each_number(crop.scores, [&](const char* name, double& value) { value = scores.at(name).get<double>(); });
    crop.scores.hash = scores.at("hash").get<std::uint64_t>();
    crop.scores.colours = scores.at("colours").get<std::array<std::uint8_t, 48>>();
    crop.scores.digest = scores.at("digest").get<std::string>();
    crop.png.resize(in.at("png").get<std::size_t>());
    return crop;
}

std::string digest_of(const std::string& text) {
    Sha256 sum;
    sum.add(text.data(), text.size());
    return sum.finish();
}

// One line of format and digest, one of JSON, then the thumbnail and the PNGs.
std::string packed(const Finding& finding) {
    json head{{"width", finding.width},
              {"height", finding.height},
              {"trouble", finding.trouble},
              {"thumbnail", finding.thumbnail.size()},
              {"crops", json::array()}};
    for (const Crop& crop : finding.crops) {
        head["crops"].push_back(to_json(crop));
    }
    std::string rest = head.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
    rest.append(finding.thumbnail.begin(), finding.thumbnail.end());
    for (const Crop& crop : finding.crops) {
        rest.append(crop.png.begin(), crop.png.end());
    }
    return fmt::format("{} {}\n", format, digest_of(rest)) + rest;
}

std::optional<Finding> unpacked(const std::string& text) {
    const std::size_t line = text.find('\n');
    const std::string rest = line == std::string::npos ? "" : text.substr(line + 1);
    if (rest.empty() || text.substr(0, line) != fmt::format("{} {}", format, digest_of(rest))) {
        return std::nullopt;
    }
    const std::size_t end = rest.find('\n');
    const json head = json::parse(rest.substr(0, end));
    Finding finding;
    finding.width = head.at("width");
    finding.height = head.at("height");
    finding.trouble = head.at("trouble");
    finding.thumbnail.resize(head.at("thumbnail").get<std::size_t>());
    for (const json& crop : head.at("crops")) {
        finding.crops.push_back(crop_from(crop));
    }
    std::size_t at = end + 1;
    const auto fill = [&](std::vector<std::uint8_t>& blob) {
        const std::string part = rest.substr(at, blob.size());
        blob.assign(part.begin(), part.end());
        at += blob.size();
    };
    fill(finding.thumbnail);
    for (Crop& crop : finding.crops) {
        fill(crop.png);
    }
    return finding;
}

// By its name: the lock, a finding, or one that was not written to its end.
bool is_ours(const fs::path& file) {
    const std::string key = file.extension() == ".part" ? file.stem().string() : file.filename().string();
    return key == "lock" || (key.size() == 40 && key.find_first_not_of("0123456789abcdef") == std::string::npos);
}

} // namespace

WorkFolder::WorkFolder(fs::path path) : path_(std::move(path)) {
    std::error_code error;
    for (fs::directory_iterator it(path_, error), end; !error && it != end; it.increment(error)) {
        if (!is_ours(it->path())) {
            fail("{}: holds {}, which is not of an unfinished set; move it elsewhere, or give the set another name.",
                 path_.string(), it->path().filename().string());
        }
    }
    fs::create_directories(path_, error);
    lock_ = ::open((path_ / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (lock_ < 0) {
        fail("{}: can't be made or written to ({}); it holds what is done so far.", path_.string(),
             std::strerror(errno));
    }
    if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
        ::close(lock_);
        fail("{}: another run prepares this set at the moment; wait for it, or name another set.", path_.string());
    }
}

WorkFolder::~WorkFolder() {
    ::close(lock_);
}

std::string WorkFolder::key(const Source& source, const CutOptions& options) {
    const CutOptions& o = options;
    const std::string shape = o.network_width == o.network_height && !o.alpha
                                  ? std::string()
                                  : fmt::format("|{}:{}|{}", o.network_width, o.network_height, o.alpha);
    return digest_of(fmt::format("{}|{}|{}|{}|{}|{}|{}|{}|{}|{}:{}|{}|{}|{}|{}|{},{},{}|{}|{}", format,
                                 source.path.string(), source.entry, source.seconds, source.bytes, source.changed,
                                 source.trouble, static_cast<int>(o.mode), o.size, o.ratio_width, o.ratio_height,
                                 static_cast<int>(o.fit), static_cast<int>(o.fill), static_cast<int>(o.filter),
                                 o.linear_light, o.background.r, o.background.g, o.background.b,
                                 static_cast<int>(source.kind), source.page) +
                     shape)
        .substr(0, 40);
}

std::optional<Finding> WorkFolder::load(const std::string& key) const {
    try {
        std::error_code error;
        const fs::path path = path_ / key;
        if (!fs::exists(path, error)) {
            return std::nullopt;
        }
        const io::InputFile file(path);
        if (file.size() > largest) {
            return std::nullopt;
        }
        const auto bytes = file.read_all();
        return unpacked({bytes.begin(), bytes.end()});
    } catch (const std::exception&) {
        return std::nullopt; // it is made again
    }
}

void WorkFolder::store(const std::string& key, const Finding& finding) const {
    const std::string text = packed(finding);
    const fs::path path = path_ / key, part = path_ / (key + ".part");
    // Not flushed to the disk one by one: the digest shows what a power cut took.
    std::ofstream out(part, std::ios::binary | std::ios::trunc);
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    out.close();
    std::error_code error;
    if (out) {
        fs::rename(part, path, error);
    }
    if (!out || error) {
        fs::remove(part, error);
        fail("{}: can't be written to; is the disk full?", path_.string());
    }
}

void WorkFolder::remove() {
    std::error_code error;
    std::vector<fs::path> ours;
    for (fs::directory_iterator it(path_, error), end; !error && it != end; it.increment(error)) {
        if (is_ours(it->path())) {
            ours.push_back(it->path());
        }
    }
    for (const fs::path& file : ours) {
        fs::remove(file, error);
    }
    fs::remove(path_, error); // only if nothing else came into it
}

} // namespace atelier::prepare
