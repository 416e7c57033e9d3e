// SPDX-License-Identifier: Apache-2.0
// The report that atelier dataset prepare writes: one page that holds all it shows.
#include <map>

#include <gmock/gmock.h>

#include "cli/dataset_fixture.h"

namespace atelier {
namespace {

using test::ProgramEnd;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class DatasetReport : public test::DatasetProgram {};

test::ImageBytes from_base64(const std::string& text) {
    const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    test::ImageBytes bytes;
    std::uint32_t word = 0;
    int bits = 0;
    for (const char c : text.substr(0, text.find('='))) {
        word = word << 6U | static_cast<std::uint32_t>(digits.find(c));
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes.push_back(static_cast<std::uint8_t>(word >> bits & 255U));
        }
    }
    return bytes;
}

std::string between(const std::string& text, const std::string& start, const std::string& end) {
    const std::size_t from = text.find(start);
    if (from == std::string::npos) {
        return "";
    }
    return text.substr(from + start.size(), text.find(end, from + start.size()) - from - start.size());
}

struct Figure {
    bool kept = false;
    cv::Mat thumbnail; // empty: none
    std::string why;
};

std::map<std::string, Figure> figures_of(const std::string& page) {
    std::map<std::string, Figure> figures;
    const std::string start = "<figure class=";
    for (std::size_t at = page.find(start); at != std::string::npos; at = page.find(start, at + 1)) {
        const std::string text = page.substr(at, page.find("</figure>", at) - at);
        Figure& figure = figures[between(text, "<b>", "</b>")];
        figure.kept = text.starts_with(start + "\"kept\"");
        figure.why = between(text, "<span class=\"why\">", "</span>");
        const test::ImageBytes jpeg = from_base64(between(text, "src=\"data:image/jpeg;base64,", "\""));
        figure.thumbnail = jpeg.empty() ? cv::Mat() : cv::imdecode(jpeg, cv::IMREAD_COLOR);
    }
    return figures;
}

// Against the input, brought to the same size.
void expect_thumbnail(const Figure& figure, const cv::Mat& input, cv::Size size) {
    ASSERT_EQ(figure.thumbnail.size(), size);
    cv::Mat small;
    cv::resize(input, small, size, 0, 0, cv::INTER_AREA);
    EXPECT_LT(test::mean_difference(figure.thumbnail, small), 4);
}

TEST_F(DatasetReport, ShowsEveryPictureAndWhyItWentInOrOut) {
    const cv::Mat odd = test::pattern(400, 200, 1), plain = test::pattern(150, 150, 2),
                  small(40, 20, CV_8UC3, cv::Scalar(40, 90, 160));
    put("in/a<b>&.png", odd);
    put("in/plain.jpg", plain);
    put("in/small.png", small);
    put("in/twin.png", odd);
    put("in/broken.png", test::bytes_of("no picture"));
    put("in/notes.txt", test::bytes_of("no picture"));
    const ProgramEnd run = prepare({"in"}, "set.zip", {"--plain", "--size", "64"});
    ASSERT_EQ(run.exit_code, 0) << run.err;
    const std::string page = test::bytes_in(in_folder("set-report.html"));
    EXPECT_THAT(page, HasSubstr("2 of 5 pictures kept, 64 x 64 px."));
    for (const char* row : {"kept</td><td>2", "unreadable</td><td>1", "too small</td><td>1", "duplicate</td><td>1"}) {
        EXPECT_EQ(test::times_in(page, std::string("<tr><td>") + row + "</td></tr>"), 1U) << row;
    }
    EXPECT_EQ(test::times_in(page, "<tr>"), 4U);
    EXPECT_THAT(page, HasSubstr("2 pictures are very few"));

    std::map<std::string, Figure> figures = figures_of(page);
    ASSERT_EQ(figures.size(), 5U);
    const std::string odd_name = "a&lt;b&gt;&amp;.png";
    ASSERT_TRUE(figures.contains(odd_name));
    EXPECT_TRUE(figures[odd_name].kept);
    EXPECT_TRUE(figures["plain.jpg"].kept);
    EXPECT_EQ(figures["small.png"].why, "too small: has only 20 px of its own across; at least 32 are asked for");
    EXPECT_EQ(figures["twin.png"].why, "duplicate: is the same picture as " + odd_name);
    EXPECT_THAT(figures["broken.png"].why, HasSubstr("unreadable: is no PNG"));
    expect_thumbnail(figures[odd_name], odd, {192, 96});
    expect_thumbnail(figures["twin.png"], odd, {192, 96});
    expect_thumbnail(figures["plain.jpg"], plain, {150, 150});
    expect_thumbnail(figures["small.png"], small, {20, 40});
    EXPECT_TRUE(figures["broken.png"].thumbnail.empty());
}

TEST_F(DatasetReport, NeedsNothingButItself) {
    put("in/a<b>&.png", test::pattern(100, 100, 1));
    put("in/\"onload=x'.png", test::pattern(100, 100, 2));
    put("in/<script>.png", test::bytes_of("no picture"));
    const ProgramEnd run = prepare({"in"}, "s<e>t.zip", {"--plain", "--size", "64"});
    ASSERT_EQ(run.exit_code, 0) << run.err;
    const std::string page = test::bytes_in(in_folder("s<e>t-report.html"));
    EXPECT_THAT(page, AllOf(HasSubstr("&quot;onload"), HasSubstr("&lt;script&gt;.png"), HasSubstr("s&lt;e&gt;t.zip")));
    for (const char* outside : {"http:", "https:", "url(", "@import", "<script", "<link", "href=", "a<b>", "<e>"}) {
        EXPECT_THAT(page, Not(HasSubstr(outside)));
    }
    EXPECT_EQ(test::times_in(page, "src="), 2U);
    EXPECT_EQ(test::times_in(page, "src=\"data:image/jpeg;base64,"), 2U);
}

} // namespace
} // namespace atelier
