// SPDX-License-Identifier: Apache-2.0
#include "prepare/decoder_service.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <new>

#include <opencv2/core.hpp>

#include "base/error.h"
#include "prepare/decoder_wire.h"

namespace atelier::prepare {
namespace {

std::shared_ptr<const io::InputFile> file_of(sandbox::Question& asked, const std::string& name) {
    if (!asked.file) {
        fail("{}: its bytes did not come along", name);
    }
    return std::make_shared<const io::InputFile>(asked.file.release(), name);
}

void show(const Picture& picture, std::span<std::uint8_t> shared, DecoderAnswer& answer) {
    const cv::Mat& pixels = picture.pixels;
    if (pixels.total() * pixels.elemSize() > shared.size()) {
        throw std::bad_alloc();
    }
    answer.width = pixels.cols;
    answer.height = pixels.rows;
    answer.channels = pixels.channels();
    answer.transparent = picture.transparent ? 1 : 0;
    pixels.copyTo(cv::Mat(pixels.rows, pixels.cols, pixels.type(), shared.data()));
}

DecoderAnswer carry_out(const DecoderQuestion& question, const std::string& name, sandbox::Question& asked,
                        LocalDecoder& decoder) {
    DecoderAnswer answer;
    switch (question.task) {
    case DecoderTask::open_picture: {
        const HeaderFacts facts = decoder.open_picture({file_of(asked, name), {}}, name, question.page);
        answer.kind = static_cast<std::int32_t>(facts.kind);
        answer.animated = facts.animated ? 1 : 0;
        answer.orientation = facts.orientation;
        answer.stored_width = facts.width;
        answer.stored_height = facts.height;
        break;
    }
    case DecoderTask::picture: show(decoder.picture(question.page), asked.shared, answer); break;
    case DecoderTask::open_video: {
        const double seconds = decoder.open_video(file_of(asked, name));
        answer.seconds = std::clamp(seconds, 0.0, std::numeric_limits<double>::max()); // NaN becomes 0
        break;
    }
    case DecoderTask::frame: show(decoder.frame(question.seconds), asked.shared, answer); break;
    case DecoderTask::heif_pages: answer.pages = decoder.heif_pages(file_of(asked, name)->read_all()); break;
    case DecoderTask::close: decoder.close(); break;
    }
    return answer;
}

} // namespace

std::vector<std::uint8_t> answer_to(sandbox::Question& asked, LocalDecoder& decoder) {
    const auto question = unpacked_question(asked.bytes);
    if (!question) {
        return {};
    }
    DecoderAnswer answer;
    std::string text;
    try {
        answer = carry_out(question->question, question->text, asked, decoder);
    } catch (const Error& error) {
        answer.trouble = 1;
        text = error.what();
    } catch (const cv::Exception& error) {
        if (error.code == cv::Error::StsNoMem) {
            throw std::bad_alloc();
        }
        answer.trouble = 1;
        text = question->text + ": is a damaged picture, or of a rare kind that can't be decoded";
    }
    return packed(answer, text);
}

} // namespace atelier::prepare
