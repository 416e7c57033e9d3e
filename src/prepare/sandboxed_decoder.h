// SPDX-License-Identifier: Apache-2.0
// SandboxedDecoder: a Decoder whose work is done by bin/atelier-decode, a process that can open, write, send and start
// nothing (sandbox/jail.h). What happens to it costs one file; the next one gets a new process.
#pragma once

#include <filesystem>
#include <optional>

#include "prepare/decoder.h"
#include "prepare/decoder_wire.h"
#include "sandbox/worker.h"

namespace atelier::prepare {

class SandboxedDecoder final : public Decoder {
public:
    // Throws sandbox::Unavailable where there can be no such process.
    explicit SandboxedDecoder(std::filesystem::path program, const sandbox::Limits& limits = {});
    ~SandboxedDecoder() override;

    HeaderFacts open_picture(DecoderInput input, const std::string& name, int page) override;
    Picture picture(int page) override;
    double open_video(std::shared_ptr<const io::InputFile> file) override;
    Picture frame(double seconds) override;
    std::size_t heif_pages(std::vector<std::uint8_t> bytes) override;
    void close() override;

private:
    DecoderAnswer open(const DecoderQuestion& question);
    DecoderAnswer ask(const DecoderQuestion& question);
    DecoderAnswer ask_once(const DecoderQuestion& question, int fd);
    Picture shown(const DecoderAnswer& answer);
    void start();

    std::filesystem::path program_;
    sandbox::Limits limits_;
    std::unique_ptr<sandbox::Worker> worker_; // null after it was lost
    int files_ = 0;                           // that the worker has opened
    std::size_t largest_ = 0;                 // bytes of the largest picture since its memory was given back

    // The open file, so that another process can go on with it.
    std::string name_;
    std::shared_ptr<const io::InputFile> file_;
    OwnedFd bytes_; // of what is no file of its own
    std::optional<DecoderQuestion> opened_;
};

} // namespace atelier::prepare
