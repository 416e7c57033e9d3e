// SPDX-License-Identifier: Apache-2.0
// atelier dataset prepare among zip bombs, damaged work and Ctrl-C at bad moments.
#include <algorithm>
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <zlib.h>

#include "cli/dataset_fixture.h"

namespace atelier {
namespace {

namespace fs = std::filesystem;
using test::ProgramEnd;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class DatasetHostile : public test::DatasetProgram {};

// An entry of a zip as the test wants it told, true or not.
struct Entry {
    std::string name;
    std::string packed; // raw deflate
    std::uint32_t crc = 0, full_size = 0;
};

// So many MiB of zeros: one MiB is packed once, and its bytes stand there again and again.
Entry zeros(const std::string& name, int mebibytes) {
    const std::string block(1U << 20U, '\0');
    std::string packed(1U << 16U, '\0');
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(block.data()));
    stream.avail_in = static_cast<uInt>(block.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FULL_FLUSH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    Entry entry{name, "", 0, static_cast<std::uint32_t>(mebibytes) << 20U};
    const auto one = static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(block.data()), block.size()));
    for (int i = 0; i < mebibytes; ++i) {
        entry.packed += packed;
        entry.crc = static_cast<std::uint32_t>(crc32_combine(entry.crc, one, static_cast<z_off_t>(block.size())));
    }
    entry.packed += std::string("\3\0", 2); // an empty last block
    return entry;
}

Entry told_as(Entry entry, const std::string& name, std::uint32_t full_size) {
    entry.name = name;
    entry.full_size = full_size;
    return entry;
}

Entry packed(const std::string& name, const test::ImageBytes& bytes) {
    Entry entry{name, std::string(bytes.size() + 1000, '\0'), 0, static_cast<std::uint32_t>(bytes.size())};
    entry.crc = static_cast<std::uint32_t>(crc32_z(0, bytes.data(), bytes.size()));
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    stream.next_in = const_cast<Bytef*>(bytes.data());
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(entry.packed.data());
    stream.avail_out = static_cast<uInt>(entry.packed.size());
    deflate(&stream, Z_FINISH);
    entry.packed.resize(stream.total_out);
    deflateEnd(&stream);
    return entry;
}

void number(std::string& out, std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) {
        out += static_cast<char>(i < 8 ? value >> 8 * i & 255U : 0U);
    }
}

// APPNOTE 4.3: local headers with their data, the directory, its end.
test::ImageBytes zip_of(const std::vector<Entry>& entries) {
    std::string out, directory;
    for (const Entry& entry : entries) {
        std::string facts;
        number(facts, 20, 2); // version, flags, deflate, time and date
        number(facts, 0, 2);
        number(facts, 8, 2);
        number(facts, 0x21U << 16U, 4);
        number(facts, entry.crc, 4);
        number(facts, entry.packed.size(), 4);
        number(facts, entry.full_size, 4);
        number(facts, entry.name.size(), 2);
        number(facts, 0, 2);
        directory += "PK\1\2";
        number(directory, 20, 2);
        directory += facts;
        number(directory, 0, 10);
        number(directory, out.size(), 4);
        directory += entry.name;
        out += "PK\3\4" + facts + entry.name + entry.packed;
    }
    const std::size_t start = out.size();
    out += directory + "PK\5\6";
    number(out, 0, 4);
    number(out, entries.size(), 2);
    number(out, entries.size(), 2);
    number(out, directory.size(), 4);
    number(out, start, 4);
    number(out, 0, 2);
    return test::bytes_of(out);
}

TEST_F(DatasetHostile, ZipBombsAreNamedAndLeftOut) {
    const Entry large = zeros("a-large.png", 600);
    put("in/bombs.zip",
        zip_of({large, told_as(large, "b-less.png", 10'000), told_as(large, "c-more.png", 4'000'000'000),
                zeros("d.png", 300), zeros("e.png", 300), zeros("f.png", 300),
                told_as(packed("", test::bytes_of("little")), "g-little.png", 400U << 20U),
                packed("h-good.png", test::encoded(".png", test::pattern(64, 64, 1)))}));
    EXPECT_LT(fs::file_size(in_folder("in/bombs.zip")), 8U << 20U);
    const ProgramEnd run = prepare({"in"}, "set.zip", {"--plain", "--size", "64", "--threads", "4"});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    for (const char* name : {"a-large.png", "b-less.png", "c-more.png", "d.png", "e.png", "f.png", "g-little.png"}) {
        EXPECT_THAT(run.err, HasSubstr(fmt::format("bombs.zip/{}: ", name)));
    }
    EXPECT_THAT(run.err, AllOf(HasSubstr("1 of 8 pictures"), HasSubstr("7 unreadable")));
    EXPECT_THAT(test::made_set(in_folder("set.zip")).sources(), ElementsAre("bombs.zip/h-good.png"));
    rusage children{};
    getrusage(RUSAGE_CHILDREN, &children);
#if !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__) // whose own memory is counted, too
    EXPECT_LT(children.ru_maxrss, 950'000) << "kB; the program itself and one of 300 MiB at a time";
#endif
    RecordProperty("peak_kB", std::to_string(children.ru_maxrss));
}

// Noise, so that what is done of each is large and takes its time to read again.
class DatasetStopped : public test::DatasetProgram {
protected:
    static constexpr int pictures = 160;
    const std::vector<std::string> words_{"--plain", "--size", "256", "--threads", "2"};

    void put_pictures() const {
        cv::RNG random(3);
        cv::Mat noise(256, 256, CV_8UC3);
        for (int i = 0; i < pictures; ++i) {
            random.fill(noise, cv::RNG::UNIFORM, 0, 255);
            put(fmt::format("in/{:03}.bmp", i), noise);
        }
    }
    ProgramEnd stopped_at(const std::string& text, const std::string& out) const {
        test::ProgramSettings stop;
        stop.interrupt_after = text;
        return prepare({"in"}, out, words_, stop);
    }
    // What is done so far, by picture.
    std::vector<fs::path> work_files(const std::string& folder) const {
        std::vector<fs::path> files;
        for (const auto& entry : fs::directory_iterator(in_folder(folder))) {
            if (entry.file_size() > 0) { // not the lock
                files.push_back(entry.path());
            }
        }
        std::ranges::sort(files);
        return files;
    }
    std::vector<std::string> names_of_outputs() const {
        std::vector<std::string> names;
        for (const std::string& name : files()) {
            if (name.find("report") == std::string::npos && name != "in") {
                names.push_back(name);
            }
        }
        return names;
    }
};

void garble(const fs::path& file) {
    std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
    const auto middle = static_cast<std::streamoff>(fs::file_size(file) / 2);
    stream.seekg(middle);
    const int byte = stream.get();
    stream.seekp(middle);
    stream.put(static_cast<char>(byte ^ 1));
}

TEST_F(DatasetStopped, DamagedWorkIsDoneAgainAndNoHalfSetIsLeft) {
    put_pictures();
    // In the first pass.
    const ProgramEnd first = stopped_at("Preparing: ", "set.zip");
    EXPECT_EQ(first.exit_code, 0) << first.err;
    ASSERT_THAT(first.err, HasSubstr("Stopped after"));
    EXPECT_THAT(names_of_outputs(), ElementsAre("set.zip.work"));
    const std::vector<fs::path> done = work_files("set.zip.work");
    ASSERT_GT(done.size(), 4U);
    ASSERT_LT(done.size(), static_cast<std::size_t>(pictures));
    fs::resize_file(done[0], fs::file_size(done[0]) / 2);
    garble(done[1]);
    fs::resize_file(done[2], 0);
    test::put_bytes(done[3], test::bytes_of("atelier-prepare-1 and no more\n{\"width\": \n"));

    // While the set is written.
    const ProgramEnd second = stopped_at("Writing: ", "set.zip");
    EXPECT_THAT(second.err, HasSubstr(fmt::format("Looked at {} pictures, {} of them in an earlier run.", pictures,
                                                  done.size() - 4)));
    EXPECT_EQ(second.exit_code, 2) << second.err;
    EXPECT_THAT(second.err, HasSubstr("Stopped before the set was complete; nothing was written."));
    EXPECT_THAT(names_of_outputs(), ElementsAre("set.zip.work"));

    // A folder is no better off. What was done serves it as well.
    fs::rename(in_folder("set.zip.work"), in_folder("set.work"));
    const ProgramEnd third = stopped_at("Writing: ", "set");
    EXPECT_THAT(third.err, AllOf(HasSubstr(fmt::format("{} of them in an earlier run", pictures)),
                                 HasSubstr("Stopped before the set was complete")));
    EXPECT_THAT(names_of_outputs(), ElementsAre("set.work"));
    fs::rename(in_folder("set.work"), in_folder("set.zip.work"));

    const ProgramEnd last = prepare({"in"}, "set.zip", words_);
    ASSERT_EQ(last.exit_code, 0) << last.err;
    EXPECT_THAT(last.err, HasSubstr(fmt::format("{} of {} pictures", pictures, pictures)));
    EXPECT_THAT(names_of_outputs(), ElementsAre("set.zip"));
    const test::MadeSet set = test::made_set(in_folder("set.zip"));
    ASSERT_EQ(set.pictures.size(), static_cast<std::size_t>(pictures));
    for (int i = 0; i < pictures; ++i) { // nothing was scaled, so they are the inputs
        const cv::Mat input = cv::imread(path(fmt::format("in/{:03}.bmp", i)));
        ASSERT_EQ(test::mean_difference(set.pictures[static_cast<std::size_t>(i)], input), 0) << i;
    }
}

} // namespace
} // namespace atelier
