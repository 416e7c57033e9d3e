// SPDX-License-Identifier: Apache-2.0
#include "prepare/sandboxed_decoder.h"

#include <algorithm>

#include "base/error.h"
#include "base/path_text.h"

namespace atelier::prepare {
namespace {

constexpr std::size_t kept_memory = 32U << 20U; // bytes of the shared memory that stay between two files

} // namespace

SandboxedDecoder::SandboxedDecoder(std::filesystem::path program, const sandbox::Limits& limits)
    : program_(std::move(program)), limits_(limits) {
    start();
}

SandboxedDecoder::~SandboxedDecoder() = default;

void SandboxedDecoder::start() {
    worker_.reset();
    worker_ = std::make_unique<sandbox::Worker>(program_, limits_, shared_bytes);
    files_ = 0;
    largest_ = 0;
}

HeaderFacts SandboxedDecoder::open_picture(DecoderInput input, const std::string& name, int page) {
    close();
    name_ = name;
    file_ = std::move(input.file);
    bytes_ = file_ ? OwnedFd() : sandbox::sealed_copy(input.bytes);
    const DecoderAnswer answer = open({DecoderTask::open_picture, page, 0});
    return {static_cast<Kind>(answer.kind), answer.stored_width, answer.stored_height, answer.orientation,
            answer.animated != 0};
}

Picture SandboxedDecoder::picture(int page) {
    return shown(ask({DecoderTask::picture, page, 0}));
}

double SandboxedDecoder::open_video(std::shared_ptr<const io::InputFile> file) {
    close();
    name_ = file->path().string();
    file_ = std::move(file);
    return open({DecoderTask::open_video, 0, 0}).seconds;
}

Picture SandboxedDecoder::frame(double seconds) {
    return shown(ask({DecoderTask::frame, 0, seconds}));
}

std::size_t SandboxedDecoder::heif_pages(std::vector<std::uint8_t> bytes) {
    close();
    name_ = "picture";
    bytes_ = sandbox::sealed_copy(bytes);
    const std::size_t pages = open({DecoderTask::heif_pages, 0, 0}).pages;
    close();
    return pages;
}

void SandboxedDecoder::close() {
    if (opened_ && worker_) {
        try {
            ask_once({DecoderTask::close, 0, 0}, -1);
        } catch (const std::exception&) { // the next file gets a new process
            worker_.reset();
        }
    }
    opened_.reset();
    file_.reset();
    bytes_ = {};
    if (largest_ > kept_memory && worker_) {
        worker_->shared().let_go();
        largest_ = 0;
    }
}

DecoderAnswer SandboxedDecoder::open(const DecoderQuestion& question) {
    opened_ = question;
    try {
        return ask(question);
    } catch (...) {
        opened_.reset();
        throw;
    }
}

// One that had other files before may have been hurt by them: then a new one tries, too, but for what took too long.
DecoderAnswer SandboxedDecoder::ask(const DecoderQuestion& question) {
    for (;;) {
        try {
            const bool opens = opened_ && question.task == opened_->task;
            if (!worker_) {
                start();
            }
            if (files_ == 0 && !opens && opened_) {
                ask_once(*opened_, file_ ? file_->fd() : bytes_.get());
            }
            return ask_once(question, opens ? (file_ ? file_->fd() : bytes_.get()) : -1);
        } catch (const sandbox::Lost& lost) {
            const bool again = files_ > 1 && !lost.slow();
            worker_.reset();
            if (!again) {
                fail("{}: {}", name_, lost.what());
            }
        } catch (const sandbox::Unavailable& trouble) {
            fail("{}: could not be read: no decoder can be started ({})", name_, trouble.what());
        }
    }
}

DecoderAnswer SandboxedDecoder::ask_once(const DecoderQuestion& question, int fd) {
    files_ += fd >= 0 ? 1 : 0;
    const auto answer = unpacked_answer(worker_->ask(packed(question, name_), fd), question.task);
    if (!answer || (answer->answer.trouble != 0 && !answer->text.starts_with(name_))) {
        throw sandbox::Lost("could not be read: its decoder answered nonsense", false);
    }
    if (answer->answer.trouble != 0) {
        std::string text = readable_text(answer->text.substr(name_.size()));
        std::ranges::replace_if(
            text, [](char c) { return static_cast<unsigned char>(c) < 32; }, ' ');
        throw Error(name_ + text);
    }
    return answer->answer;
}

Picture SandboxedDecoder::shown(const DecoderAnswer& answer) {
    Picture picture;
    const int type = answer.channels == 4 ? CV_8UC4 : CV_8UC3;
    // No copy: pixels that changed meanwhile would be nothing but other pixels.
    picture.pixels = cv::Mat(answer.height, answer.width, type, worker_->shared().bytes().data());
    picture.transparent = answer.transparent != 0;
    largest_ = std::max(largest_, picture.pixels.total() * picture.pixels.elemSize());
    return picture;
}

} // namespace atelier::prepare
