// SPDX-License-Identifier: Apache-2.0
// The deeds that take longer: a set of pictures, and training.
#include "soak/player.h"

namespace atelier::soak {
using nlohmann::json;

void Player::open_data() {
    until("the Data panel", [](const json& s) { return s["controls"].contains("##data-begin"); });
    press("##data-begin", [](const json& s) { return s["dialog"] != 0; });
    if (!studio_.type((folder_ / "p").string()))
        throw Stuck("the name of a folder can't be typed\n" + studio_.state().dump(1));
    press("##open#2", [](const json& s) { return s["data"]["inputs"].size() == 1; }); // the dialog's
    until("the pictures", [](const json& s) {
        return s["data"]["state"] == "ready" && s["data"]["items"] == 20 && s["data"]["pictures"] == 20;
    });
}

void Player::prepare() {
    key("d", [](const json& s) { return s["tab"] == "data"; });
    open_data();
    const fs::path set = folder_ / "p-set.zip";
    key("ctrl+p", [&](const json& s) { return s["data"]["target"] == set.string(); });
    press("##set-write", [&](const json& s) { return s["data"]["set"] == set.string(); });
    press("##data-clear", [](const json& s) { return s["data"]["inputs"].empty(); });
    key("d", [](const json& s) { return s["tab"] == "perform"; });
    fs::remove(set);
    fs::remove(folder_ / "p-set-report.html");
}

// Small steps and many points, so that all comes soon. The form keeps them for the next time.
void Player::start_training() {
    const std::string data = (folder_ / (at("/model") == "b.safetensors" ? "t-b.zip" : "t-a.zip")).string();
    if (at("/train/options/data") != data) {
        for (const auto& [field, text] :
             {std::pair{"data", data}, std::pair{"tick", std::string("0.02")}, std::pair{"batch", std::string("4")}}) {
            if (std::string(field) == "tick")
                press("All options", [](const json& s) { return s["controls"].contains("tick"); });
            studio_.click(field);
            if (!studio_.type(text))
                throw Stuck(std::string(field) + " can't be typed\n" + studio_.state().dump(1));
        }
        press("All options", [](const json& s) { return !s["controls"].contains("tick"); });
    }
    until("readiness", [](const json& s) { return s["training"]["obstacle"] == ""; });
    press("##train-start",
          [](const json& s) { return s["training"]["state"] == "running" || s["training"]["state"] == "failed"; });
}

void Player::train() {
    key("ctrl+t", [](const json& s) { return s["tab"] == "train"; });
    start_training();
    until("some steps", [](const json& s) {
        return s["training"]["state"] == "failed" || (s["training"]["kimg"] > 0 && s["training"]["points"] >= 1);
    });
    walk(); // beside it
    key("shift+t",
        [](const json& s) { return s["training"]["state"] == "finished" || s["training"]["state"] == "failed"; });
    const json training = at("/training");
    if (training["state"] != "finished")
        throw Stuck("training failed: " + training["message"].get<std::string>());
    key("ctrl+t", [](const json& s) { return s["tab"] == "perform"; });
    open_model();
    until("the opened model", [](const json& s) { return s["training"]["showing"] == "opened"; });
    const fs::path run = training["run_dir"].get<std::string>();
    for (const auto& each : std::vector<fs::directory_entry>{fs::directory_iterator(run.parent_path()), {}}) {
        if (each.path() != run) // of those before, lest an hour fill the disk
            fs::remove_all(each.path());
    }
}

} // namespace atelier::soak
