// SPDX-License-Identifier: Apache-2.0
// atelier dataset prepare: makes a training set of messy pictures.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file_names.h"
#include "base/log.h"
#include "base/progress.h"
#include "cli/choose.h"
#include "cli/commands.h"
#include "cli/interrupt_guard.h"
#include "cli/options.h"
#include "io/atomic_file.h"
#include "prepare/cut_run.h"
#include "prepare/offer.h"
#include "prepare/report.h"
#include "prepare/set_target.h"
#include "prepare/set_writer.h"

namespace atelier {
namespace {

namespace fs = std::filesystem;
using namespace prepare;

struct PrepareText {
    std::vector<std::string> inputs, keep, drop;
    std::string out, report, ratio, network_ratio = "1:1", fit = "auto", fill = "colour", filter = "lanczos",
                                    light = "linear", background = "#ece9e2";
    bool faces = false, plain = false, labels = false, keep_work = false, alpha = false;
    std::optional<int> size;
    int threads = 0;
    std::size_t shard_pictures = 0;
    double every = 1;
    std::map<std::string, double> limits; // by option, those given
};

int number(const std::string& text, int base, const std::string& sentence) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc() || end != text.data() + text.size()) {
        throw Error(sentence);
    }
    return value;
}

// "#ece9e2"
Colour parse_colour(const std::string& text) {
    const std::string sentence = fmt::format("--background is '{}'; it has to look like #ece9e2.", text);
    if (text.size() != 7 || text[0] != '#') {
        throw Error(sentence);
    }
    const auto part = [&](std::size_t at) {
        return static_cast<std::uint8_t>(number(text.substr(at, 2), 16, sentence));
    };
    return {part(1), part(3), part(5)};
}

std::pair<int, int> parse_ratio(const std::string& text, const char* option) {
    const std::string sentence = fmt::format("{} is '{}'; it has to look like 5:4.", option, text);
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos) {
        throw Error(sentence);
    }
    return {number(text.substr(0, colon), 10, sentence), number(text.substr(colon + 1), 10, sentence)};
}

// A size that was asked for has to be the longer side's.
void check_exact(std::optional<int> asked, const CutOptions& cut) {
    const int longer = std::max(cut.width(), cut.height());
    if (asked && *asked != longer) {
        fail("--size is {}, but with --network-ratio {}:{} the longer side can have {} or {} px.", *asked,
             cut.network_width, cut.network_height, longer, 2 * longer);
    }
}

CutOptions cut_of(const PrepareText& text) {
    if (text.faces && text.plain) {
        fail("--faces and --plain exclude each other.");
    }
    CutOptions cut;
    cut.mode = text.faces ? Mode::faces : Mode::plain;
    cut.size = text.size.value_or(cut.size);
    std::tie(cut.network_width, cut.network_height) = parse_ratio(text.network_ratio, "--network-ratio");
    std::tie(cut.ratio_width, cut.ratio_height) =
        text.ratio.empty() ? std::pair(cut.network_width, cut.network_height) : parse_ratio(text.ratio, "--ratio");
    cut.alpha = text.alpha;
    cut.fit =
        choose<Fit>(text.fit, "--fit",
                    {{"auto", Fit::automatic}, {"crop", Fit::crop}, {"pad", Fit::pad}, {"stretch", Fit::stretch}});
    cut.fill =
        choose<Fill>(text.fill, "--fill", {{"colour", Fill::colour}, {"edge", Fill::edge}, {"reflect", Fill::reflect}});
    cut.filter = choose<Filter>(text.filter, "--filter", {{"lanczos", Filter::lanczos}, {"area", Filter::area}});
    cut.linear_light = choose<bool>(text.light, "--light", {{"linear", true}, {"srgb", false}});
    cut.background = parse_colour(text.background);
    check(cut);
    check_exact(text.size, cut);
    return cut;
}

// An option of each threshold; where the mode decides the default, the help says so.
struct Limit {
    const char* option;
    const char* help;
    double Thresholds::*member;
};
const Limit limits[] = {
    {"--min-face", "Faces: dlib's confidence, at least", &Thresholds::face},
    {"--max-yaw", "Faces: degrees turned to a side, at most", &Thresholds::yaw},
    {"--max-pitch", "Faces: degrees up or down, at most", &Thresholds::pitch},
    {"--max-roll", "Faces: degrees tilted in the source, at most", &Thresholds::roll},
    {"--min-visible", "Faces: how much of it is in view, 0..1, at least", &Thresholds::occlusion},
    {"--min-sharpness", "0..1, at least", &Thresholds::sharpness},
    {"--min-exposure", "0..1, at least", &Thresholds::exposure},
    {"--min-source", "Pixels a side in the source picture, at least (default: half of --size)", &Thresholds::source},
};

Thresholds thresholds_of(const PrepareText& text, const CutOptions& cut) {
    Thresholds result = default_thresholds(cut);
    for (const Limit& limit : limits) {
        if (const auto found = text.limits.find(limit.option); found != text.limits.end()) {
            if (!std::isfinite(found->second)) {
                fail("{} is {}; it has to be a number.", limit.option, found->second);
            }
            result.*limit.member = found->second;
        }
    }
    if (const auto found = text.limits.find("--near"); found != text.limits.end()) {
        if (!(found->second >= -1 && found->second <= 32)) {
            fail("--near is {}; it has to lie between -1 (keep near-duplicates) and 32 bits.", found->second);
        }
        result.near = static_cast<int>(found->second);
    }
    return result;
}

constexpr double sure_confidence = 0.5;

// Neither --faces nor --plain was given.
bool faces_wanted(const Sources& sources) {
    if (isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1) {
        fmt::print(stderr,
                   "Shall faces be cut out and aligned? Answer f for faces, p to take the pictures as they are: ");
        std::string answer;
        std::getline(std::cin, answer);
        if (answer != "f" && answer != "p") {
            fail("The answer has to be f or p; --faces or --plain say it beforehand.");
        }
        return answer == "f";
    }
    const double share = share_with_faces(sources, sure_confidence);
    const bool faces = share >= 0.5;
    fmt::print(stderr,
               "{:.0f} % of the pictures looked at have a face with a confidence of {} or more: going on with {}.\n",
               share * 100, sure_confidence, faces ? "--faces" : "--plain");
    return faces;
}

// Marks the items that --keep and --drop name: all of a source, or one face of it.
void overrule(std::vector<Item>& items, const Sources& sources, const std::vector<std::string>& names, Override request,
              const char* option) {
    for (const std::string& name : names) {
        bool found = false;
        for (Item& item : items) {
            if (item.name == name || sources.pictures[item.source].name == name) {
                item.request = request;
                found = true;
            }
        }
        if (!found) {
            fail("{} names '{}', but there is no such picture; the report shows the names.", option, name);
        }
    }
}

std::string counts_of(const std::vector<Item>& items) {
    std::string text;
    for (const auto& [reason, count] : counts_by_reason(items)) {
        if (reason != Reason::kept) {
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, name_of(reason));
        }
    }
    return text;
}

bool run_job(CutRun& job, int threads) {
    const InterruptGuard guard;
    ProgressBar bar("Preparing", "pictures");
    job.start(threads);
    bool stopped = false;
    while (!job.wait(0.1)) {
        const CutProgress now = job.progress();
        bar.update(static_cast<std::int64_t>(now.done), static_cast<std::int64_t>(now.total));
        if (guard.interrupted() && !stopped) {
            stopped = true;
            job.cancel();
        }
    }
    const CutProgress end = job.progress();
    if (end.done < end.total) {
        bar.close(
            fmt::format("Stopped after {} of {} pictures; nothing was written but the work folder. The same command "
                        "goes on from here.",
                        end.done, end.total));
        return false;
    }
    bar.close(fmt::format("Looked at {} picture{}{}.", end.total, end.total == 1 ? "" : "s",
                          end.reused > 0 ? fmt::format(", {} of them in an earlier run", end.reused) : ""));
    return true;
}

fs::path report_of(const PrepareText& text) {
    if (!text.report.empty()) {
        if (lower_extension(text.report) != ".html") {
            fail("--report is '{}'; name a file that ends in .html.", text.report);
        }
        return text.report;
    }
    return report_beside(text.out);
}

// " Sharpness 0.22 keeps 18 of 21 (--min-sharpness 0.22).", or nothing.
std::string offer_of(const std::optional<LimitOffer>& offer) {
    if (!offer) {
        return "";
    }
    std::string options;
    for (const auto& [id, value] : offer->changes) {
        options += fmt::format("{}--{} {:g}", options.empty() ? "" : " ", id, value);
    }
    return fmt::format(" {} ({}).", offer->words, options);
}

// "0 = cats, 1 = dogs", up to a hundred of them.
std::string classes_text(const std::vector<Item>& items) {
    constexpr std::size_t most = 100;
    const std::vector<std::string> names = class_names_of(items);
    std::string text;
    for (std::size_t i = 0; i < std::min(most, names.size()); ++i) {
        text += fmt::format("{}{} = {}", i > 0 ? ", " : "", i, names[i]);
    }
    return text + (names.size() > most ? fmt::format(" and {} more, in dataset.json", names.size() - most) : "");
}

// The set, or why there is none; the report is written either way.
void write_results(const PrepareText& text, CutRun& job, const std::vector<Item>& items, const Thresholds& now) {
    const fs::path out = text.out, report = report_of(text);
    io::write_file(report, report_page(out.filename().string(), job, items, now));
    const auto kept = static_cast<std::size_t>(std::ranges::count_if(items, &Item::kept));
    const std::string dropped = counts_of(items);
    if (kept == 0) {
        fail("No picture was kept ({}), so no set was written; {} shows why.{}",
             dropped.empty() ? "there is none" : dropped, report.string(),
             offer_of(offer_limit(items, job.options(), now, text.labels)));
    }
    ProgressBar bar("Writing", "pictures");
    const InterruptGuard guard;
    const auto progress = [&](std::size_t done, std::size_t total) {
        bar.update(static_cast<std::int64_t>(done), static_cast<std::int64_t>(total));
        if (guard.interrupted()) {
            fail("Stopped before the set was complete; nothing was written. The same command goes on from here.");
        }
    };
    write_set(out, job, items, text.labels, progress, text.shard_pictures);
    bar.close(fmt::format("Wrote {}: {} of {} pictures, {} x {} px{}.", text.out, kept, items.size(),
                          job.options().width(), job.options().height(),
                          dropped.empty() ? "" : "; left out: " + dropped));
    if (text.labels) {
        fmt::print(stderr, "Classes: {}.\n", classes_text(items));
    }
    fmt::print(stderr, "{}\n{} shows why each picture went in or out.\n", advice(kept, job.options()), report.string());
    if (!text.keep_work) {
        job.remove_work_folder();
    }
}

void run_prepare(const PrepareText& text) {
    CutOptions cut = cut_of(text);
    const std::vector<fs::path> inputs(text.inputs.begin(), text.inputs.end());
    check_target(text.out, inputs, text.shard_pictures);
    check_apart(text.out + ".work", inputs);
    check_apart(report_of(text), inputs);
    check_can_write(report_of(text).string());
    Sources sources = find_sources(inputs, text.every);
    if (!text.faces && !text.plain) {
        cut.mode = faces_wanted(sources) ? Mode::faces : Mode::plain;
        check(cut);
    }
    const Thresholds now = thresholds_of(text, cut);
    CutRun job(std::move(sources), cut, text.out + ".work");
    if (!run_job(job, text.threads)) {
        return;
    }
    std::vector<Item> items = job.items();
    overrule(items, job.sources(), text.keep, Override::keep, "--keep");
    overrule(items, job.sources(), text.drop, Override::drop, "--drop");
    judge(items, cut, now, text.labels);
    for (const Item& item : items) {
        if (item.reason == Reason::unreadable) {
            log_warning("{}: {}", item.name, item.words);
        }
    }
    write_results(text, job, items, now);
}

void add_prepare(CLI::App& dataset) {
    auto text = std::make_shared<PrepareText>();
    CLI::App* command = dataset.add_subcommand("prepare", "Make a training set of pictures as they are");
    command->add_option("inputs", text->inputs, "Folders, zips, pictures, videos")->required();
    command->add_option("--out", text->out, "The set to write: a name that ends in .zip, or a new folder")->required();
    command
        ->add_option("--shard-pictures", text->shard_pictures,
                     "Write a folder of zips with at most so many pictures each, and an index with their checksums; "
                     "0: one zip or folder")
        ->check(CLI::Range(0, 100'000'000))
        ->capture_default_str();
    command->add_flag("--faces", text->faces, "Cut out and align the faces");
    command->add_flag("--plain", text->plain, "Take the pictures as they are");
    command->add_option("--size", text->size,
                        set_sides_text() + " px a side; with --network-ratio of the longer one (default: 512)");
    command->add_option("--ratio", text->ratio,
                        "Plain: bring to this ratio first, then squash to the network's (default: the network's)");
    command
        ->add_option("--network-ratio", text->network_ratio,
                     "Plain: width to height of what the network makes, such as 3:2 or 1:2; most programs play squares "
                     "alone")
        ->capture_default_str();
    command->add_flag("--alpha", text->alpha, "Plain: keep transparent parts, for a network that makes RGBA pictures");
    command
        ->add_option("--fit", text->fit, "Plain: crop, pad, stretch, or auto: pad what is transparent, crop the rest")
        ->capture_default_str();
    command->add_option("--fill", text->fill, "What pads: colour, edge or reflect")->capture_default_str();
    command->add_option("--background", text->background, "Colour under transparent parts and for padding")
        ->capture_default_str();
    command->add_option("--filter", text->filter, "lanczos or area")->capture_default_str();
    command->add_option("--light", text->light, "Resample linear light, or srgb codes")->capture_default_str();
    command->add_option("--every", text->every, "Seconds between the pictures taken from a video")
        ->capture_default_str();
    command->add_flag("--labels", text->labels, "Subfolders are classes");
    command->add_option("--keep", text->keep, "Keep this picture whatever the limits say; may be repeated");
    command->add_option("--drop", text->drop, "Leave this picture out; may be repeated");
    for (const Limit& limit : limits) {
        command->add_option_function<double>(
            limit.option, [text, name = limit.option](double value) { text->limits[name] = value; }, limit.help);
    }
    command->add_option_function<double>(
        "--near", [text](double value) { text->limits["--near"] = value; },
        "Near-duplicates: differing bits of 64, at most; -1 keeps them");
    command->add_option("--report", text->report, "Page that says why (default: beside the set, <name>-report.html)");
    command->add_option("--threads", text->threads, "Pictures prepared at once; 0: one per core")
        ->capture_default_str();
    command->add_flag("--keep-work", text->keep_work, "Leave the work folder, to try other limits quickly");
    command->footer("Nothing is written into the inputs. Ctrl-C stops; the same command then goes on where it was. "
                    "docs/dataset.md says what is measured.");
    command->callback([text] { run_prepare(*text); });
}

} // namespace

void add_dataset_command(CLI::App& app) {
    CLI::App* dataset = app.add_subcommand("dataset", "Make a training set, or look at one");
    dataset->require_subcommand(1);
    add_prepare(*dataset);
    add_dataset_check(*dataset);
    add_dataset_shard(*dataset);
}

} // namespace atelier
