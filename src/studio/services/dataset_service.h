// SPDX-License-Identifier: Apache-2.0
// DatasetService: what the studio needs of the engine that makes training sets, so that it can be tested without one.
// Plain values; the engine runs on threads of its own.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/frame.h"
#include "prepare/finding.h"
#include "prepare/offer.h"
#include "prepare/options.h"
#include "prepare/verdict.h"

namespace atelier::studio {

// What a picture is judged by; see prepare::Scores. The angles are without their sign.
enum class Score { face, yaw, pitch, roll, eyes, mouth, skin, fit, sharpness, exposure, source };
inline constexpr std::size_t score_count = 11;

// A crop that a person moved: by parts of the source picture, and scaled around its middle.
struct CropChange {
    double x = 0, y = 0;
    double scale = 1;
    bool operator==(const CropChange&) const = default;
};

enum class DataSort { added, name, verdict, score };

// What all pictures have to be looked at again for.
struct DataWork {
    std::vector<std::filesystem::path> inputs; // absolute; empty: there is nothing to do
    prepare::CutOptions cut;
    double every = 1;                  // seconds between the pictures taken from a video
    std::filesystem::path work_folder; // keeps what is done, so that it is taken up again
    bool operator==(const DataWork&) const = default;
};

// By DataItem::id.
struct HandChoices {
    std::map<std::uint64_t, prepare::Override> overrides;
    std::map<std::uint64_t, CropChange> crops;
    bool empty() const { return overrides.empty() && crops.empty(); }
    void join(const HandChoices& others); // what is there already stays
    bool operator==(const HandChoices&) const = default;
};

// What is applied at once.
struct DataChoices : HandChoices {
    prepare::Thresholds limits;
    bool labels = false; // subfolders are classes
    DataSort sort = DataSort::added;
    Score score = Score::sharpness; // of DataSort::score
    bool reverse = false;
    bool operator==(const DataChoices&) const = default;
};

// A crop of a picture, or a picture without any.
struct DataItem {
    std::uint64_t id = 0;      // the same whatever the options are, and tomorrow
    std::uint64_t picture = 0; // another one when its crop looks different
    std::string name;
    int width = 0, height = 0;                            // of the source
    bool cut = false;                                     // has a crop
    std::array<prepare::Point, 4> automatic{}, corners{}; // where the crop would lie by itself, and where it lies
    std::array<double, score_count> scores{};
    prepare::Override request = prepare::Override::none;
    bool kept = false;
    prepare::Reason reason = prepare::Reason::unreadable;
    std::string words; // why, as a predicate
};

struct ReasonCount {
    prepare::Reason reason = prepare::Reason::kept;
    std::string text; // a few words
    std::size_t count = 0;
};

// All pictures looked at so far, judged. Never changed once it is handed out.
struct DataView {
    std::vector<DataItem> items;      // in the order they were added
    std::vector<std::uint32_t> order; // of the items, as DataChoices asks for
    std::size_t kept = 0;
    std::optional<prepare::LimitOffer> offer; // none is kept: what would keep some
    std::vector<ReasonCount> left_out;        // those that can happen, in the order of prepare::Reason
    std::uint64_t choices = 0;                // how many choose() calls it reflects
};

enum class DataState { empty, finding, working, stopped, ready, writing, failed };

struct DataStatus {
    DataState state = DataState::empty;
    std::size_t done = 0, total = 0, reused = 0; // sources; reused: of those done, found in the work folder
    double seconds_left = -1;                    // -1: not known
    std::size_t written = 0, to_write = 0;       // pictures of the set that is written
    std::string message;                         // failed: why; ready after a set that could not be written: why
    std::uint64_t sets = 0;                      // written so far, or given up
    std::string set;                             // the last one; empty: it was not written
    std::shared_ptr<const DataView> view;        // null before the first
    bool busy() const {
        return state == DataState::finding || state == DataState::working || state == DataState::writing;
    }
};

enum class DataPictureKind { tile, whole }; // the crop, small; the source picture, as large as a screen

struct DatasetPictureRequest {
    std::uint64_t id = 0, picture = 0; // of the item
    DataPictureKind kind = DataPictureKind::tile;
    bool operator==(const DatasetPictureRequest&) const = default;
};
struct DataPicture {
    DatasetPictureRequest request;
    PixelBuffer pixels; // of width 0: it can't be had
};

// Every call returns at once and none throws: what goes wrong is told by the status.
class DatasetService {
public:
    virtual ~DatasetService() = default; // stops; what is done stays in the work folder
    virtual void begin(const DataWork& work) = 0;
    virtual void choose(const DataChoices& choices) = 0;
    virtual void stop() = 0; // looking at pictures, keeping what is done; or writing, which leaves nothing
    // A name that ends in .zip, or a folder that is new or empty. Where no work runs; elsewhere it does nothing.
    virtual void write(const std::filesystem::path& set) = 0;
    virtual DataStatus status() = 0;
    virtual prepare::Thresholds standard_limits(const prepare::CutOptions& cut) const = 0;
    // The pictures that are wanted now, the most urgent first; what was asked for before is forgotten.
    virtual void request_pictures(std::vector<DatasetPictureRequest> requests) = 0;
    virtual std::vector<DataPicture> take_pictures() = 0;
};

// The order that the choices ask for; equal ones stay in the order they were added.
std::vector<std::uint32_t> sorted_order(const std::vector<DataItem>& items, const DataChoices& choices);
// Corners moved and scaled.
std::array<prepare::Point, 4> changed_crop(const std::array<prepare::Point, 4>& corners, const CropChange& change);

} // namespace atelier::studio
