// SPDX-License-Identifier: Apache-2.0
#include "prepare/faces.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <limits>

#include <dlib/image_processing.h>
#include <dlib/image_processing/frontal_face_detector.h>
#include <opencv2/imgproc.hpp>

#include "base/error.h"
#include "base/installed_file.h"
#include "prepare/face_frame.h"
#include "prepare/face_parts.h"
#include "prepare/pose.h"

namespace atelier::prepare {
namespace {

constexpr int patch_side = 256;
constexpr double patch_box = 128;
constexpr double unsure = 0.4; // of the detector: perhaps no face, or one partly covered
constexpr int vote_side = 160;
constexpr int vote_box = 80;

// The one named, else the one that was installed along, else Debian's.
std::filesystem::path landmark_file() {
    constexpr const char* name = "shape_predictor_68_face_landmarks.dat";
    if (const char* named = std::getenv("ATELIER_LANDMARKS"); named != nullptr && *named != '\0') {
        return named;
    }
    const std::filesystem::path installed = installed_file(name);
    return !installed.empty() ? installed : std::filesystem::path("/usr/share/dlib") / name;
}

const dlib::shape_predictor& landmark_model() {
    static const dlib::shape_predictor model = [] {
        const std::filesystem::path path = landmark_file();
        std::error_code error;
        if (!std::filesystem::is_regular_file(path, error)) {
            fail("{}: the model of face landmarks is missing; install Debian's libdlib-data, or use --plain.",
                 path.string());
        }
        dlib::shape_predictor read;
        try {
            dlib::deserialize(path.string()) >> read;
        } catch (const dlib::serialization_error&) {
            fail("{}: is no model of face landmarks that dlib reads; install Debian's libdlib-data.", path.string());
        }
        if (read.num_parts() != 68) {
            fail("{}: places {} landmarks; a model with 68 is needed.", path.string(), read.num_parts());
        }
        return read;
    }();
    return model;
}

dlib::array2d<unsigned char> to_dlib(const cv::Mat& gray) {
    dlib::array2d<unsigned char> image(gray.rows, gray.cols);
    for (int y = 0; y < gray.rows; ++y) {
        std::copy_n(gray.ptr<std::uint8_t>(y), gray.cols, &image[y][0]);
    }
    return image;
}

std::vector<Point> landmarks_in(const dlib::array2d<unsigned char>& image, const dlib::rectangle& box) {
    const dlib::full_object_detection found = landmark_model()(image, box);
    std::vector<Point> points;
    for (unsigned long i = 0; i < found.num_parts(); ++i) {
        points.push_back({static_cast<double>(found.part(i).x()), static_cast<double>(found.part(i).y())});
    }
    return points;
}

// Landmarks as found with the detector's box moved a little, and how far they scatter, in parts of the box.
struct Agreed {
    std::vector<Point> mean;
    double scatter = 0;
};

Agreed agreed_landmarks(const cv::Mat& patch) {
    const dlib::array2d<unsigned char> image = to_dlib(patch);
    constexpr std::array<std::array<double, 3>, 7> moves{
        {{0, 0, 1}, {5, 0, 1}, {-5, 0, 1}, {0, 5, 1}, {0, -5, 1}, {0, 0, 1.07}, {0, 0, 0.93}}};
    std::vector<std::vector<Point>> all;
    for (const auto& [dx, dy, size] : moves) {
        const double half = patch_box * size / 2, middle = (patch_side - 1) / 2.0;
        all.push_back(
            landmarks_in(image, dlib::rectangle(std::lround(middle - half + dx), std::lround(middle - half + dy),
                                                std::lround(middle + half + dx), std::lround(middle + half + dy))));
    }
    Agreed result;
    const auto count = static_cast<double>(all.size());
    for (std::size_t i = 0; i < all[0].size(); ++i) {
        Point mean;
        for (const auto& one : all) {
            mean = {mean.x + one[i].x / count, mean.y + one[i].y / count};
        }
        double square = 0;
        for (const auto& one : all) {
            square += (one[i].x - mean.x) * (one[i].x - mean.x) + (one[i].y - mean.y) * (one[i].y - mean.y);
        }
        result.mean.push_back(mean);
        result.scatter += std::sqrt(square / count) / static_cast<double>(all[0].size()) / patch_box;
    }
    return result;
}

bool sensible(const std::vector<Point>& landmarks) {
    const FaceAxes axes = axes_of(landmarks);
    const double eyes = cv::norm(axes.eye_to_eye), mouth = cv::norm(axes.eyes_to_mouth);
    return eyes > 2 && mouth > 2 && eyes < mouth * 4 && mouth < eyes * 4;
}

// A picture as the detector gets it.
struct View {
    cv::Mat gray;
    cv::Matx23d back; // view px -> picture px
};

View scaled_view(const cv::Mat& gray, int longest) {
    const double scale = static_cast<double>(longest) / std::max(gray.cols, gray.rows);
    View view;
    const cv::Size size(std::max(1, static_cast<int>(gray.cols * scale)),
                        std::max(1, static_cast<int>(gray.rows * scale)));
    cv::resize(gray, view.gray, size, 0, 0, scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
    const double x = static_cast<double>(gray.cols) / size.width, y = static_cast<double>(gray.rows) / size.height;
    view.back = {x, 0, (x - 1) / 2, 0, y, (y - 1) / 2};
    return view;
}

View turned_view(const View& from, double degrees) {
    const double reach = std::hypot(from.gray.cols, from.gray.rows);
    const cv::Point2f middle(static_cast<float>((from.gray.cols - 1) / 2.0),
                             static_cast<float>((from.gray.rows - 1) / 2.0));
    cv::Matx23d map = cv::getRotationMatrix2D(middle, degrees, 1);
    map(0, 2) += (reach - from.gray.cols) / 2;
    map(1, 2) += (reach - from.gray.rows) / 2;
    View view;
    const int side = static_cast<int>(reach);
    cv::warpAffine(from.gray, view.gray, map, {side, side});
    cv::Matx23d inverse;
    cv::invertAffineTransform(map, inverse);
    view.back = then(inverse, from.back);
    return view;
}

struct Candidate {
    double confidence = 0;
    std::vector<Point> landmarks; // in the picture
    cv::Matx23d box;              // px of a patch of 160 px, of which the detector's box takes 80 -> px of the picture
};

bool same_face(const std::vector<Point>& a, const std::vector<Point>& b) {
    const FaceAxes one = axes_of(a), other = axes_of(b);
    const double size = std::max(cv::norm(one.eyes_to_mouth), cv::norm(other.eyes_to_mouth));
    return cv::norm((one.eyes + one.mouth) / 2 - (other.eyes + other.mouth) / 2) < size * 0.7;
}

dlib::frontal_face_detector lenient_detector() {
    const dlib::frontal_face_detector usual = dlib::get_frontal_face_detector();
    return {usual.get_scanner(), dlib::test_box_overlap(0.6, 0.95), usual.get_w(0)}; // upright faces alone
}

} // namespace

struct FaceFinder::Impl {
    dlib::frontal_face_detector detector = dlib::get_frontal_face_detector();
    // Keeps boxes that overlap: beside a half hidden face a chance find may be stronger.
    dlib::frontal_face_detector lenient = lenient_detector();

    static std::vector<Candidate> look(dlib::frontal_face_detector& detector, const View& view, double least);
    bool refine(const cv::Mat& bgr, const cv::Mat& gray, const Candidate& candidate, bool hidden, Face& face) const;
    void add(const cv::Mat& bgr, const cv::Mat& gray, const std::vector<Candidate>& candidates, bool hidden,
             std::vector<Face>& faces) const;
};

std::vector<Candidate> FaceFinder::Impl::look(dlib::frontal_face_detector& detector, const View& view, double least) {
    const dlib::array2d<unsigned char> image = to_dlib(view.gray);
    std::vector<dlib::rect_detection> found;
    detector(image, found, least);
    std::vector<Candidate> candidates;
    for (const dlib::rect_detection& one : found) {
        const double scale = static_cast<double>(one.rect.width()) / vote_box;
        const double corner = (vote_side - vote_box) / 2.0 * scale;
        const cv::Matx23d box(scale, 0, static_cast<double>(one.rect.left()) - corner, 0, scale,
                              static_cast<double>(one.rect.top()) - corner);
        Candidate candidate{one.detection_confidence, landmarks_in(image, one.rect), then(box, view.back)};
        for (Point& point : candidate.landmarks) {
            point = apply(view.back, point);
        }
        if (sensible(candidate.landmarks)) {
            candidates.push_back(std::move(candidate));
        }
    }
    return candidates;
}

// Looks again, with the face upright and at a fixed size, so that the result hardly depends on how the picture was
// turned or scaled. False if it is no face after all.
bool FaceFinder::Impl::refine(const cv::Mat& bgr, const cv::Mat& gray, const Candidate& candidate, bool hidden,
                              Face& face) const {
    face.landmarks = candidate.landmarks;
    RowVotes by_box = row_votes(patch_of(gray, candidate.box, vote_side).pixels);
    if (hidden && !is_half_hidden_face(by_box)) {
        return false;
    }
    Agreed agreed;
    for (int round = 0; round < 4; ++round) {
        const FacePatch patch = upright_patch(gray, face.landmarks, patch_side, patch_box);
        agreed = agreed_landmarks(patch.pixels);
        for (std::size_t i = 0; i < agreed.mean.size(); ++i) {
            face.landmarks[i] = apply(patch.map, agreed.mean[i]);
        }
        if (!sensible(face.landmarks)) {
            return false;
        }
    }
    RowVotes votes = row_votes(upright_patch(gray, face.landmarks, vote_side, vote_box).pixels);
    // With a part covered the landmarks go astray; the box does not.
    if (by_box.confidence > votes.confidence) {
        votes = std::move(by_box);
        if (votes.confidence < unsure) {
            face.landmarks = candidate.landmarks;
        }
    }
    if (votes.confidence < 0 && !hidden) {
        return false;
    }
    const FacePatch colour = upright_patch(bgr, face.landmarks, patch_side, patch_box);
    cv::Matx23d inward;
    cv::invertAffineTransform(colour.map, inward);
    std::vector<Point> inside;
    for (const Point& point : face.landmarks) {
        inside.push_back(apply(inward, point));
    }
    judge_parts(colour.pixels, inside, votes, face.scores);
    face.scores.face = votes.confidence;
    face.scores.fit = 1 - std::clamp((agreed.scatter - 0.02) / 0.06, 0.0, 1.0);
    const Pose pose = pose_of(face.landmarks);
    face.scores.yaw = pose.yaw;
    face.scores.pitch = pose.pitch;
    face.scores.roll = pose.roll;
    return true;
}

void FaceFinder::Impl::add(const cv::Mat& bgr, const cv::Mat& gray, const std::vector<Candidate>& candidates,
                           bool hidden, std::vector<Face>& faces) const {
    for (const Candidate& candidate : candidates) {
        Face face;
        if (!refine(bgr, gray, candidate, hidden, face)) {
            continue;
        }
        const auto twin =
            std::ranges::find_if(faces, [&](const Face& f) { return same_face(f.landmarks, face.landmarks); });
        if (twin == faces.end()) {
            faces.push_back(std::move(face));
        } else if (twin->scores.face < face.scores.face) {
            *twin = std::move(face);
        }
    }
}

FaceFinder::FaceFinder() : impl_(std::make_unique<Impl>()) {
    landmark_model();
}

FaceFinder::~FaceFinder() = default;

std::vector<Face> FaceFinder::find(const Picture& picture) {
    cv::Mat bgr = picture.pixels, gray;
    if (bgr.channels() == 4) {
        cv::cvtColor(bgr, bgr, cv::COLOR_BGRA2BGR);
    }
    cv::cvtColor(bgr, gray, cv::COLOR_BGR2GRAY);
    const int longest = std::max(gray.cols, gray.rows);
    const View view = scaled_view(gray, std::clamp(longest, std::min(1000, longest * 3), 2000));
    std::vector<Face> faces;
    impl_->add(bgr, gray, impl_->look(impl_->detector, view, 0), false, faces);
    const auto any_sure = [&] {
        return std::ranges::any_of(faces, [](const Face& face) { return face.scores.face >= unsure; });
    };
    if (!any_sure()) { // a face lying on its side, or upside down
        const View small =
            scaled_view(gray, std::min(view.gray.cols > view.gray.rows ? view.gray.cols : view.gray.rows, 1000));
        for (const double degrees : {45.0, -45.0, 90.0, -90.0, 135.0, -135.0, 180.0}) {
            impl_->add(bgr, gray, impl_->look(impl_->detector, turned_view(small, degrees), 0), false, faces);
            if (any_sure()) {
                break;
            }
        }
    }
    if (faces.empty()) { // one with a covered part is hardly believed in
        std::vector<Candidate> weak = impl_->look(impl_->lenient, view, -1.4);
        std::ranges::sort(weak, std::greater<>(), &Candidate::confidence);
        weak.resize(std::min<std::size_t>(weak.size(), 60));
        impl_->add(bgr, gray, weak, true, faces);
    }
    std::ranges::sort(faces, {}, [](const Face& face) { return face.landmarks[30].x; });
    return faces;
}

double FaceFinder::confidence(const Picture& picture) {
    cv::Mat gray;
    cv::cvtColor(picture.pixels, gray, picture.pixels.channels() == 4 ? cv::COLOR_BGRA2GRAY : cv::COLOR_BGR2GRAY);
    const int longest = std::max(gray.cols, gray.rows);
    double best = -1;
    for (const Candidate& candidate :
         impl_->look(impl_->detector, scaled_view(gray, std::clamp(longest, std::min(800, longest * 3), 1000)), 0)) {
        best = std::max(best, candidate.confidence);
    }
    return best;
}

} // namespace atelier::prepare
