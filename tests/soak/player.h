// SPDX-License-Identifier: Apache-2.0
// Player: does to the real studio what a person does in an evening, one deed after the other. Each begins and ends with
// the plain picture, at rest, and waits for what it is to do. For tests only.
#pragma once

#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "ui/running_studio.h"

namespace atelier::soak {

namespace fs = std::filesystem;

// The studio did not do what it was told, or is gone.
class Stuck : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class Player {
public:
    using Condition = std::function<bool(const nlohmann::json&)>;

    // `folder` is the studio's, and has the models and pictures to play with (lay_out).
    Player(testing::RunningStudio& studio, fs::path folder) : studio_(studio), folder_(std::move(folder)) {}

    static const std::vector<std::string>& deeds(); // the names of all
    void perform(const std::string& deed);          // throws Stuck

    // Two models, pictures and a set, under short names, since they get typed.
    static void lay_out(const fs::path& folder);

private:
    void walk();
    void seed();
    void undo();
    void map();
    void dialogs();
    void fold();
    void preset();
    void star();
    void mix();
    void timeline();
    void show();
    void output();
    void record();
    void save_picture();
    void open_model();
    void session();
    void prepare();
    void train();

    void until(const std::string& what, const Condition& holds);
    void key(const std::string& name, const Condition& effect);
    void press(const std::string& control, const Condition& effect);
    void open_file(const fs::path& file);
    void open_data();
    void start_training();
    void undo_until(const Condition& holds);
    void remove_files(const std::vector<std::string>& endings);
    nlohmann::json at(const std::string& pointer);

    testing::RunningStudio& studio_;
    fs::path folder_;
    int named_ = 0; // files so far
};

} // namespace atelier::soak
