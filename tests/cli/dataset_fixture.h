// SPDX-License-Identifier: Apache-2.0
// atelier dataset as a program, pictures to feed it, and what came out, read by other means than the program's.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "io/zip_file.h"
#include "support/media_fixture.h"
#include "support/program.h"

namespace atelier::test {

using ImageBytes = std::vector<std::uint8_t>;

inline ImageBytes encoded(const char* kind, const cv::Mat& image, const std::vector<int>& settings = {}) {
    ImageBytes bytes;
    cv::imencode(kind, image, bytes, settings);
    return bytes;
}

// A soft pattern of its own for each seed, BGR.
inline cv::Mat pattern(int width, int height, int seed) {
    cv::RNG random(static_cast<std::uint64_t>(seed) * 7919 + 1);
    cv::Mat small(9, 9, CV_8UC3), image;
    random.fill(small, cv::RNG::UNIFORM, 0, 255);
    cv::resize(small, image, {width, height}, 0, 0, cv::INTER_CUBIC);
    return image;
}

// What a prepared zip holds.
struct MadeSet {
    std::vector<cv::Mat> pictures; // BGR, in the order of their names
    nlohmann::json about;          // the object atelier of dataset.json
    std::vector<std::string> sources() const { return about.at("sources").get<std::vector<std::string>>(); }
};

inline MadeSet made_set(const std::filesystem::path& path) {
    MadeSet set;
    const io::ZipFile zip(path);
    for (const auto& [name, facts] : zip.entries()) {
        const ImageBytes bytes = zip.extract(name, 64U << 20U);
        if (name == "dataset.json") {
            set.about = nlohmann::json::parse(bytes.begin(), bytes.end()).at("atelier");
        } else {
            set.pictures.push_back(cv::imdecode(bytes, cv::IMREAD_COLOR));
        }
    }
    return set;
}

// Levels, on average; 999 for pictures of different sizes.
inline double mean_difference(const cv::Mat& a, const cv::Mat& b) {
    return a.size() == b.size() ? cv::norm(a, b, cv::NORM_L1) / static_cast<double>(a.total() * 3) : 999;
}

inline std::size_t times_in(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) {
        ++count;
    }
    return count;
}

class DatasetProgram : public MediaTest {
protected:
    void SetUp() override {
        if (program().empty()) {
            GTEST_SKIP() << "needs the atelier program (ATELIER_PROGRAM)";
        }
    }
    std::string path(const std::string& name) const { return in_folder(name).string(); }

    void put(const std::string& name, const ImageBytes& bytes) const {
        std::filesystem::create_directories(in_folder(name).parent_path());
        put_bytes(in_folder(name), bytes);
    }
    // Of the kind that the name ends in.
    void put(const std::string& name, const cv::Mat& image) const {
        put(name, encoded(in_folder(name).extension().c_str(), image));
    }

    // prepare `inputs` --out `out` and `more`; names are those in the test's folder.
    ProgramEnd prepare(const std::vector<std::string>& inputs, const std::string& out,
                       const std::vector<std::string>& more, const ProgramSettings& settings = {}) const {
        std::vector<std::string> words{"dataset", "prepare"};
        for (const std::string& input : inputs) {
            words.push_back(path(input));
        }
        words.insert(words.end(), {"--out", path(out)});
        words.insert(words.end(), more.begin(), more.end());
        return run_program(std::move(words), settings);
    }
};

} // namespace atelier::test
