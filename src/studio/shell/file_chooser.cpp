// SPDX-License-Identifier: Apache-2.0
// Choosing a model file, or something to train on or with: by its path, among the recent ones, or walking through
// folders.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>

#include <imgui_internal.h>

#include "base/file_names.h"
#include "studio/services/async_query.h"
#include "studio/shell/file_chooser.h"
#include "studio/shell/panels.h"
#include "studio/toolkit/form_rows.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

struct Entry {
    std::string name;
    bool folder = false;
    std::uintmax_t bytes = 0;
};

// What lies in a folder: folders first, then files of the kind wanted; other files and hidden ones are left out.
struct Listing {
    fs::path folder;
    std::vector<Entry> entries;
    std::string trouble;
};

bool is_model_file(const fs::path& path) {
    const std::string extension = lower_extension(path);
    return extension == ".pkl" || extension == ".safetensors" || extension == ".pt" || extension == ".pth";
}

// Pictures with recipes are left out: a folder may hold thousands of others.
bool can_be_opened(const fs::path& path) {
    const std::string extension = lower_extension(path);
    return is_model_file(path) || is_session_file(path) || extension == ".npy" || extension == ".npz" ||
           extension == ".jsonl";
}

bool is_zip_file(const fs::path& path) {
    return is_training_data(path);
}

bool is_no_file(const fs::path&) {
    return false;
}

// What is being chosen.
struct Purpose {
    Dialog dialog;
    const char* title;
    const char* hint;
    const char* button;
    bool folder; // a folder can be taken, too
    bool (*wanted)(const fs::path& file);
    const char* nothing;
};

constexpr Purpose purposes[] = {
    {Dialog::open, "Open a model", "Path of a model, session, performance, or latents", "Open", false, can_be_opened,
     "No folders or files to open here."},
    {Dialog::open_start, "Choose a model to start from", "Path of a .pkl or .safetensors file", "Choose", false,
     is_model_file, "No folders or model files here."},
    {Dialog::open_data, "Choose pictures to learn from", "Path of a folder or a .zip file", "Choose", true, is_zip_file,
     "No folders or zip files here; the pictures of this folder are taken by Choose."},
    {Dialog::open_run, "Choose a run to go on with", "Path of a run's folder", "Choose", true, is_no_file,
     "No folders here; the run in this one is taken by Choose."},
    {Dialog::open_pictures, "Add pictures", "Path of a folder, zip, picture or video", "Add", true, is_picture_source,
     "No folders, pictures or videos here."},
};

void take(Studio& studio, Dialog dialog, const fs::path& path) {
    TrainForm& form = studio.training.form;
    fs::path plain = path.lexically_normal();
    if (!plain.has_filename())
        plain = plain.parent_path();
    switch (dialog) {
    case Dialog::open_data: studio.training.use_data(plain); break;
    case Dialog::open_pictures: studio.dataset.add({plain}); break;
    case Dialog::open_start:
        form.start = StartFrom::file;
        form.start_file = plain.string();
        break;
    case Dialog::open_run:
        form.start = StartFrom::run;
        form.start_file = plain.string();
        break;
    default: studio.open_any(path); break;
    }
}

Listing list_folder(const fs::path& folder, const Purpose& purpose) {
    Listing listing{folder, {}, {}};
    std::error_code error;
    fs::directory_iterator it(folder, fs::directory_options::skip_permission_denied, error);
    for (; !error && it != fs::directory_iterator(); it.increment(error)) {
        std::error_code ignored;
        Entry entry{it->path().filename().string(), it->is_directory(ignored), 0};
        if (entry.name.empty() || entry.name[0] == '.')
            continue;
        if (!entry.folder) {
            if (!purpose.wanted(it->path()))
                continue;
            entry.bytes = it->file_size(ignored);
            if (ignored)
                entry.bytes = 0;
        }
        listing.entries.push_back(std::move(entry));
    }
    if (error)
        listing.trouble = fmt::format("This folder can't be read: {}", error.message());
    std::sort(listing.entries.begin(), listing.entries.end(),
              [](const Entry& a, const Entry& b) { return a.folder != b.folder ? a.folder : a.name < b.name; });
    return listing;
}

// A look at the disk that a person waits for.
struct Question {
    unsigned number = 0; // each is a look of its own; 0: none
    fs::path path;
    const Purpose* purpose = nullptr;
    bool first = false; // of the dialog: the current folder, if that one is gone
    bool operator==(const Question&) const = default;
};

// What stands there.
struct Look {
    bool folder = false;
    Listing listing; // of a folder
};

Look look_at(const Question& question) {
    std::error_code error;
    fs::path path = question.path;
    if (question.first && (path.empty() || !fs::is_directory(path, error)))
        path = fs::current_path(error);
    const bool folder = fs::is_directory(path, error);
    return {folder, folder ? list_folder(path, *question.purpose) : Listing{path, {}, {}}};
}

// What the dialog does with what stands there.
enum class Intent { enter, open, take_folder };

std::string size_text(std::uintmax_t bytes) {
    if (bytes >= 1000'000'000)
        return fmt::format("{:.1f} GB", static_cast<double>(bytes) / 1e9);
    if (bytes >= 1000'000)
        return fmt::format("{:.0f} MB", static_cast<double>(bytes) / 1e6);
    return fmt::format("{:.0f} kB", std::ceil(static_cast<double>(bytes) / 1e3));
}

std::string as_folder(std::string path) {
    return path.empty() || path.back() == '/' ? path : path + "/";
}

fs::path expanded(const std::string& text) {
    if (text.rfind("~", 0) == 0 && (text.size() == 1 || text[1] == '/')) {
        if (const char* home = std::getenv("HOME"))
            return fs::path(std::string(home) + text.substr(1));
    }
    return text;
}

// A row of a list: icon, name, a fact at the right. True when clicked.
bool row(const char* id, Icon icon, const std::string& name, const std::string& fact, bool marked,
         const std::string& tooltip = {}) {
    Ui& ui = Ui::current();
    ui.want(name);
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const ImVec2 size{ImGui::GetContentRegionAvail().x, ui.px(theme::control)};
    const bool clicked = pressable(id, size);
    const bool hovered = ImGui::IsItemHovered();
    ui.mark(id, from, {from.x + size.x, from.y + size.y}, !tooltip.empty());
    if (hovered && !tooltip.empty())
        ui.tooltip(ImGui::GetItemID(), tooltip);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float alpha = ImGui::GetStyle().Alpha;
    if (marked || hovered) {
        list.AddRectFilled(from, {from.x + size.x, from.y + size.y},
                           theme::faded(marked ? theme::line : theme::raised, alpha), ui.px(theme::rounding));
    }
    const float middle = std::round(from.y + size.y / 2);
    draw_icon(list, icon, {from.x + ui.px(16), middle}, ui.px(14),
              theme::faded(marked ? theme::accent : theme::secondary, alpha));
    const float text_y = middle - measure(Face::body, "X").y / 2;
    const ImVec2 fact_size = measure(Face::small, fact);
    draw_text(list, Face::body, {from.x + ui.px(32), text_y}, theme::text, Own{name}, size.x - ui.px(52) - fact_size.x);
    draw_text(list, Face::small, {from.x + size.x - ui.px(10) - fact_size.x, middle - fact_size.y / 2},
              theme::secondary, fact);
    return clicked;
}

} // namespace

struct FileChooser::State {
    Listing listing;
    std::string typed;
    bool fresh = false;
    Dialog was_open = Dialog::none;
    const Purpose* chosen = &purposes[0];
    AsyncQuery<Question, Look> query; // a network's folder may take its time: nothing here waits for it
    Question asked;
    unsigned answered = 0;
    int field = 0;
    std::string proposed;
    Intent intent = Intent::enter;
};

FileChooser::FileChooser() : state_(std::make_unique<State>()) {}
FileChooser::~FileChooser() = default;

void FileChooser::draw(Studio& studio) {
    Listing& listing = state_->listing;
    std::string& typed = state_->typed;
    bool& fresh = state_->fresh;
    Dialog& was_open = state_->was_open;
    const Purpose*& chosen = state_->chosen;
    AsyncQuery<Question, Look>& query = state_->query;
    Question& asked = state_->asked;
    unsigned& answered = state_->answered;
    int& field = state_->field;
    std::string& proposed = state_->proposed;
    Intent& intent = state_->intent;
    const auto found = std::find_if(std::begin(purposes), std::end(purposes),
                                    [&](const Purpose& p) { return p.dialog == studio.ui.dialog; });
    if (found != std::end(purposes))
        chosen = found;
    const Purpose& purpose = *chosen;
    fresh = found != std::end(purposes) && was_open != studio.ui.dialog;
    was_open = studio.ui.dialog;
    const auto ask = [&](const fs::path& path, Intent what, bool first = false) {
        asked = {asked.number + 1, path, &purpose, first};
        intent = what;
    };
    const auto enter_folder = [&](const fs::path& folder) { ask(folder, Intent::enter); };
    if (fresh) {
        listing = {};
        typed = proposed = as_folder(studio.settings.last_folder);
        ask(studio.settings.last_folder, Intent::enter, true);
    }
    if (!begin_dialog(studio.ui, purpose.dialog, purpose.title, {760, 540}))
        return;
    Ui& ui = Ui::current();
    const float width = ImGui::GetContentRegionAvail().x;

    const auto open_now = [&](const fs::path& path) { ask(path, Intent::open); };
    const auto taken = [&](const fs::path& path) {
        studio.ui.dialog = Dialog::none;
        take(studio, purpose.dialog, path); // may open another one
    };
    bool focus = fresh;
    const bool looking = asked.number != answered;
    if (const Look* look = looking ? query.ask(asked, look_at, 0) : nullptr) {
        answered = asked.number;
        const bool enters = look->folder && intent != Intent::take_folder;
        if (enters) {
            listing = look->listing;
            const std::string text = as_folder(listing.folder.string());
            const bool own = asked.first && typed != proposed; // somebody types already
            if (!own && std::exchange(typed, text) != text) {
                ++field;                                         // one that holds the keyboard would keep its old text
                focus = asked.first && !ImGui::IsAnyMouseDown(); // what is pressed would let go
            }
            studio.settings.last_folder = listing.folder.string();
        } else if (intent != Intent::enter) {
            taken(asked.path);
        } else {
            listing = look->listing;
            listing.trouble = "This folder can't be read: there is none";
        }
    }
    if (looking)
        ui.fades(0.1f); // drawn again when it is known

    bool entered = false;
    ImGui::PushID(field);
    text_field("##path", purpose.hint, typed, width - ui.px(36), focus, &entered);
    ImGui::PopID();
    if (entered && !typed.empty())
        open_now(expanded(typed));
    ImGui::SameLine(0, ui.px(8));
    if (button("##up", {.icon = Icon::up, .tooltip = "The folder above"}) && listing.folder.has_parent_path())
        enter_folder(listing.folder.lexically_normal().parent_path());
    gap(16);

    const float height = ImGui::GetContentRegionAvail().y - ui.px(theme::control + 16);
    const float left = std::floor(width * 0.36f);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {ui.px(8), ui.px(2)});
    ImGui::BeginChild("recent", {left, height}, false, ImGuiWindowFlags_NoNav);
    const bool models = purpose.wanted == is_model_file || purpose.wanted == can_be_opened;
    label(models ? "RECENT" : "HOW", theme::secondary, Face::label);
    gap(8);
    if (!models) {
        paragraph(fmt::format("Walk to the folder at the right, then press {}.", purpose.button));
    } else if (studio.settings.recent.empty()) {
        label("Models you open are listed here.");
    }
    for (std::size_t i = 0; models && i < studio.settings.recent.size(); ++i) {
        const std::string path = studio.settings.recent[i];
        ImGui::PushID(static_cast<int>(i));
        const fs::path file(path);
        if (row("##recent", Icon::file, file.filename().string(), file.parent_path().filename().string(), typed == path,
                path))
            open_now(path);
        ImGui::PopID();
    }
    ImGui::EndChild();
    ImGui::SameLine(0, ui.px(24));
    ImGui::BeginChild("folder", {0, height}, false, ImGuiWindowFlags_NoNav);
    label("FOLDER", theme::secondary, Face::label);
    gap(8);
    if (!listing.trouble.empty()) {
        label(listing.trouble, theme::bad, Face::body);
    } else if (listing.entries.empty()) {
        paragraph(looking ? "Looking..." : purpose.nothing);
    }
    fs::path go;
    for (const Entry& entry : listing.entries) {
        ImGui::PushID(entry.name.c_str());
        const fs::path path = listing.folder / entry.name;
        if (row("##entry", entry.folder ? Icon::folder : Icon::file, entry.name,
                entry.folder ? "" : size_text(entry.bytes), typed == path.string(),
                entry.folder ? "Go into this folder" : "Click for its path, once more to open it")) {
            if (entry.folder) {
                go = path;
            } else if (typed == path.string()) { // the second click opens
                go = path;
            } else {
                typed = path.string();
            }
        }
        ImGui::PopID();
    }
    ImGui::EndChild();
    ImGui::PopStyleVar();
    if (!go.empty())
        open_now(go);

    gap(16);
    const float buttons = ui.px(96 + 8 + 96);
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() + width - buttons);
    if (button("##cancel", {.text = "Cancel", .tooltip = "Open nothing", .key = "Esc", .width = 96}))
        studio.ui.dialog = Dialog::none;
    ImGui::SameLine(0, ui.px(8));
    const bool file = !typed.empty() && (purpose.folder || typed.back() != '/');
    if (button("##open", {.text = purpose.button,
                          .tooltip = "Take what the path above names",
                          .key = "Enter",
                          .primary = true,
                          .enabled = file,
                          .width = 96})) {
        ask(expanded(typed), purpose.folder ? Intent::take_folder : Intent::open);
    }
    end_dialog();
}

} // namespace atelier::studio
