// SPDX-License-Identifier: Apache-2.0
#include "soak/player.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "support/paths.h"

namespace atelier::soak {
using nlohmann::json;
namespace {

constexpr std::chrono::minutes longest_wait{10}; // beside other work of a busy machine

bool is_true(const json& state, const char* pointer) {
    return state.value(json::json_pointer(pointer), json()) == true;
}

} // namespace

void Player::lay_out(const fs::path& folder) {
    const fs::path assets = test::source_dir() / "assets";
    fs::copy_file(assets / "emoji-portraits-64.safetensors", folder / "a.safetensors");
    fs::copy_file(assets / "portraits-128.safetensors", folder / "b.safetensors");
    fs::copy_file(assets / "tour-64.zip", folder / "t-a.zip"); // each in the size of its model
    fs::copy_file(assets / "tour.zip", folder / "t-b.zip");
    fs::copy(test::own_data_dir() / "data" / "emoji-portraits", folder / "p");
}

const std::vector<std::string>& Player::deeds() {
    static const std::vector<std::string> all{"walk",   "seed",         "undo",       "map",      "dialogs", "fold",
                                              "preset", "star",         "mix",        "timeline", "show",    "output",
                                              "record", "save-picture", "open-model", "session",  "prepare", "train"};
    return all;
}

void Player::perform(const std::string& deed) {
    static const std::map<std::string, void (Player::*)()> by_name{{"walk", &Player::walk},
                                                                   {"seed", &Player::seed},
                                                                   {"undo", &Player::undo},
                                                                   {"map", &Player::map},
                                                                   {"dialogs", &Player::dialogs},
                                                                   {"fold", &Player::fold},
                                                                   {"preset", &Player::preset},
                                                                   {"star", &Player::star},
                                                                   {"mix", &Player::mix},
                                                                   {"timeline", &Player::timeline},
                                                                   {"show", &Player::show},
                                                                   {"output", &Player::output},
                                                                   {"record", &Player::record},
                                                                   {"save-picture", &Player::save_picture},
                                                                   {"open-model", &Player::open_model},
                                                                   {"session", &Player::session},
                                                                   {"prepare", &Player::prepare},
                                                                   {"train", &Player::train}};
    const auto found = by_name.find(deed);
    if (found == by_name.end())
        throw Stuck("there is no deed '" + deed + "'");
    (this->*found->second)();
    until("rest after " + deed, [](const json& s) { return s["settled"] == true && s["dialog"] == 0; });
}

json Player::at(const std::string& pointer) {
    return studio_.state().value(json::json_pointer(pointer), json());
}

void Player::until(const std::string& what, const Condition& holds) {
    if (!studio_.wait(holds, longest_wait))
        throw Stuck(what + " did not come\n" + studio_.state().dump(1));
}

void Player::key(const std::string& name, const Condition& effect) {
    const std::int64_t before = studio_.keys_seen();
    if (!studio_.key(name)) {
        const std::int64_t seen = studio_.keys_seen() - before;
        // What has reached no window of the studio found the keyboard elsewhere, which a hand would see and mend. What
        // it has seen and does not follow is its fault.
        if (seen > 0)
            throw Stuck("of " + name + " only " + std::to_string(seen) + " keys were seen\n" + studio_.state().dump(1));
        fmt::print("soak: {} reached no window of the studio\n", name);
        studio_.focus();
        if (!studio_.key(name))
            throw Stuck(name + " does not reach the studio\n" + studio_.state().dump(1));
    }
    until("the effect of " + name, effect);
}

void Player::press(const std::string& control, const Condition& effect) {
    studio_.click(control);
    until("the effect of " + control, effect);
}

void Player::walk() {
    key("space", [](const json& s) { return is_true(s, "/walk/playing"); });
    const double from = at("/position");
    until("a walk", [from](const json& s) { return s["position"] > from + 0.5; });
    key("space", [](const json& s) { return s["walk"]["playing"] == false; });
}

void Player::seed() {
    const json before = at("/detour/seed");
    key("n", [&](const json& s) { return s["detour"]["kind"] == "seed" && s["detour"]["seed"] != before; });
}

void Player::undo() {
    const double psi = at("/truncation/psi");
    key(psi < 0.5 ? "bracketright" : "bracketleft", [psi](const json& s) { return s["truncation"]["psi"] != psi; });
    until("rest", [](const json& s) { return s["settled"] == true; });
    const json moved = at("/truncation/psi");
    key("ctrl+z", [psi](const json& s) { return s["truncation"]["psi"] == psi; });
    key("ctrl+shift+z", [&](const json& s) { return s["truncation"]["psi"] == moved; });
}

void Player::map() {
    key("m", [](const json& s) { return is_true(s, "/map"); });
    until("the map", [](const json& s) { return s["settled"] == true; });
    key("m", [](const json& s) { return s["map"] == false; });
}

void Player::dialogs() {
    for (const char* opens : {"F1", "shift+r", "ctrl+o", "shift+m"}) {
        key(opens, [](const json& s) { return s["dialog"] != 0; });
        // A text field in it may take the first one.
        if (!studio_.key_until(
                "Escape", [](const json& s) { return s["dialog"] == 0; }, std::chrono::seconds(2)))
            throw Stuck("a dialog stays\n" + studio_.state().dump(1));
    }
}

void Player::fold() {
    const bool shown = at("/controls").contains("psi");
    for (const bool again : {!shown, shown})
        key("ctrl+l", [again](const json& s) { return s["controls"].contains("psi") == again; });
    const bool times = at("/performance");
    for (const bool again : {!times, times})
        key("F2", [again](const json& s) { return s["performance"] == again; });
}

void Player::preset() {
    key("shift+1", [](const json& s) { return is_true(s, "/kept/presets/0"); });
    const json psi = at("/truncation/psi");
    key(psi < 0.5 ? "bracketright" : "bracketleft", [&](const json& s) { return s["truncation"]["psi"] != psi; });
    key("1", [&](const json& s) { return s["truncation"]["psi"] == psi; });
}

void Player::undo_until(const Condition& holds) {
    for (int i = 0; i < 60 && !holds(studio_.state()); ++i) {
        studio_.key("ctrl+z");
        studio_.wait(holds, std::chrono::milliseconds(500));
    }
    until("what ctrl+z leads to", holds);
}

void Player::star() {
    const int stars = at("/kept/stars");
    key("s", [stars](const json& s) { return s["kept"]["stars"] == stars + 1; });
    undo_until([stars](const json& s) { return s["kept"]["stars"] == stars; });
}

void Player::mix() {
    const bool on = at("/mix/groups/0/on");
    if (!at("/controls").contains("on"))
        return;
    for (const bool again : {!on, on})
        press("on", [again](const json& s) { return s["mix"]["groups"][0]["on"] == again; });
}

void Player::timeline() {
    for (std::size_t i = 1; i <= 3; ++i) {
        seed();
        until("a picture", [](const json& s) { return s["settled"] == true; });
        key("k", [i](const json& s) { return s["kept"]["moments"].size() == i; });
    }
    // Seen late, it may have ended by itself.
    key("shift+space", [](const json& s) { return is_true(s, "/kept/timeline_on") && s["kept"]["playhead"] > 0.5; });
    key("shift+space", [](const json& s) { return s["kept"]["timeline_playing"] == false; });
    key("shift+Escape", [](const json& s) { return s["kept"]["timeline_on"] == false; });
    undo_until([](const json& s) { return s["kept"]["moments"].empty(); });
    if (at("/kept/timeline_on") == true)
        key("shift+Escape", [](const json& s) { return s["kept"]["timeline_on"] == false; });
}

void Player::show() {
    for (const auto& [pressed, value] : {std::pair{"z", "/view/frozen"}, std::pair{"0", "/view/blackout"},
                                         std::pair{"Tab", "/view/ui_hidden"}, std::pair{"x", "/view/pixels"}}) {
        const bool now = at(value);
        for (const bool again : {!now, now})
            key(pressed, [value = value, again](const json& s) { return s[json::json_pointer(value)] == again; });
    }
}

void Player::output() {
    key("o", [](const json& s) { return s["output"]["open"] == true && s["output"]["drawn"] > 0; });
    key("o", [](const json& s) { return s["output"]["open"] == false; });
    studio_.focus();
}

void Player::remove_files(const std::vector<std::string>& endings) {
    for (const auto& each : std::vector<fs::directory_entry>{fs::directory_iterator(folder_), {}}) {
        const std::string ending = each.path().extension().string();
        if (std::ranges::find(endings, ending) != endings.end())
            fs::remove(each.path());
    }
}

void Player::record() {
    key("r", [](const json& s) { return is_true(s, "/recording"); });
    walk();
    key("r", [](const json& s) { return s["recording"] == false; });
    remove_files({".mp4", ".jsonl", ".mkv"});
}

void Player::save_picture() {
    const json told = at("/counters/toasts");
    key("p", [&](const json& s) { return s["counters"]["toasts"] > told; });
    for (const auto& each : std::vector<fs::directory_entry>{fs::directory_iterator(folder_), {}}) {
        if (each.path().extension() == ".png" && each.path() != studio_.screenshot())
            fs::remove(each.path());
    }
}

void Player::open_file(const fs::path& file) {
    key("ctrl+o", [](const json& s) { return s["controls"].contains("##up"); });
    if (!studio_.type(file.string()))
        throw Stuck("the name of a file can't be typed\n" + studio_.state().dump(1));
    if (!studio_.key_until("Return", [](const json& s) { return s["dialog"] == 0; }))
        throw Stuck("the open dialog stays\n" + studio_.state().dump(1));
}

void Player::open_model() {
    const std::string name = at("/model") == "a.safetensors" ? "b.safetensors" : "a.safetensors";
    open_file(folder_ / name);
    until("the model", [&](const json& s) { return s["model"] == name; });
}

void Player::session() {
    undo(); // something to save
    const fs::path file = folder_ / ("s" + std::to_string(++named_) + ".atelier");
    key("ctrl+shift+s", [](const json& s) { return s["controls"].contains("##session-save"); });
    if (!studio_.type(file.string()))
        throw Stuck("the name of a session can't be typed\n" + studio_.state().dump(1));
    if (!studio_.key_until("Return", [](const json& s) { return s["dialog"] == 0; }))
        throw Stuck("the save dialog stays\n" + studio_.state().dump(1));
    until("a saved session",
          [&](const json& s) { return s["kept"]["session"] == file.string() && s["kept"]["unsaved"] == false; });
    const json psi = at("/truncation/psi");
    key(psi < 0.5 ? "bracketright" : "bracketleft", [&](const json& s) { return s["truncation"]["psi"] != psi; });
    until("rest", [](const json& s) { return s["settled"] == true; });
    open_file(file);
    until("the session", [&](const json& s) { return s["truncation"]["psi"] == psi; });
    fs::remove(file);
}

} // namespace atelier::soak
