// SPDX-License-Identifier: Apache-2.0
// Report: what `atelier doctor` has found, as plain values. No torch, no OpenGL.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace atelier::doctor {

enum class Result { passed, failed, impossible }; // impossible: what it needs isn't here, and that is no fault

struct Check {
    std::string name;
    Result result = Result::passed;
    std::string detail; // a figure or a reason; may be empty
};

// Milliseconds a picture of a random network of that size takes, by precision.
struct Speed {
    int resolution = 0; // px
    std::map<std::string, double> ms;
};

struct Report {
    std::vector<std::pair<std::string, std::string>> machine; // what, and what it is
    std::vector<Check> checks;
    std::vector<Speed> speeds;

    int count(Result result) const;
};

// Takes each check as it ends.
using Told = std::function<void(const Check&)>;

// Runs `work`, which returns the detail; what it throws is a failure with that sentence.
Check checked(const std::string& name, const std::function<std::string()>& work);

std::string line_of(const Check& check);
std::string speed_table(const std::vector<Speed>& speeds); // with a heading; empty for none
std::string summary_of(const Report& report);              // one sentence
std::string json_of(const Report& report);

} // namespace atelier::doctor
