// SPDX-License-Identifier: Apache-2.0
// `atelier doctor`: all of this machine's checks pass, and its report says what they were.
#include <fstream>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "doctor/report.h"
#include "support/program.h"
#include "support/scratch.h"

namespace atelier::test {
namespace {

using doctor::Check;
using doctor::Result;
using ::testing::HasSubstr;

TEST(Doctor, FindsNothingWrongHereAndWritesItDown) {
    const Scratch scratch;
    const auto file = scratch / "report.json";
    const ProgramEnd outcome =
        run_program({"doctor", "--largest", "64", "--no-display", "--device", "cpu", "--json", file});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("passed"));
    std::ifstream in(file);
    const nlohmann::json report = nlohmann::json::parse(in);
    std::set<std::string> names;
    for (const auto& check : report["checks"]) {
        EXPECT_NE(check["result"], "FAILED") << check.dump();
        names.insert(check["name"].get<std::string>());
    }
    EXPECT_GE(names.size(), 30U);
    for (const char* name : {"bias_act lrelu, float32", "upfirdn2d up, bfloat16", "modulated convolution up, float32",
                             "training step in float32 on the CPU"})
        EXPECT_TRUE(names.contains(name)) << name;
    ASSERT_EQ(report["speeds"].size(), 1U);
    EXPECT_GT(report["speeds"][0]["ms"]["fp32"].get<double>(), 0);
    EXPECT_FALSE(report["machine"]["Processor"].get<std::string>().empty());
}

TEST(Doctor, RefusesWhatItCannotDo) {
    const ProgramEnd size = run_program({"doctor", "--largest", "32"});
    EXPECT_EQ(size.exit_code, 2);
    EXPECT_THAT(size.err, HasSubstr("--largest is 32"));
    const ProgramEnd large = run_program({"doctor", "--largest", "8192"});
    EXPECT_EQ(large.exit_code, 2);
    EXPECT_THAT(large.err, HasSubstr("between 64 and 4096"));
    // The size is looked at first: this one is fine, and only the device isn't.
    EXPECT_THAT(run_program({"doctor", "--largest", "4096", "--device", "tpu"}).err, HasSubstr("'tpu' is unknown"));
    const ProgramEnd device = run_program({"doctor", "--device", "tpu"});
    EXPECT_EQ(device.exit_code, 2);
    EXPECT_THAT(device.err, HasSubstr("'tpu' is unknown"));
}

TEST(DoctorReport, CountsAndSaysWhatFailed) {
    doctor::Report report;
    report.checks = {{"one", Result::passed, "within 1e-07"},
                     doctor::checked("two", []() -> std::string { throw std::runtime_error("off by 3"); }),
                     {"three", Result::impossible, "no display"}};
    EXPECT_EQ(doctor::line_of(report.checks[0]), "  ok           one: within 1e-07");
    EXPECT_EQ(doctor::line_of(report.checks[1]), "  FAILED       two: off by 3");
    EXPECT_EQ(doctor::summary_of(report), "1 FAILED of 3 checks; 1 check could not be made here.");
    report.checks.erase(report.checks.begin() + 1);
    EXPECT_EQ(doctor::summary_of(report), "1 check passed; 1 check could not be made here.");
}

TEST(DoctorReport, TheTableHasAColumnForEachPrecision) {
    const std::string table = doctor::speed_table({{64, {{"fp32", 1.25}}}, {128, {{"bf16", 2}, {"fp32", 3.5}}}});
    EXPECT_THAT(table, HasSubstr("bf16 ms"));
    EXPECT_THAT(table, HasSubstr("    64             -          1.25"));
    EXPECT_EQ(doctor::speed_table({}), "");
}

} // namespace
} // namespace atelier::test
