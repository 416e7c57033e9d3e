// SPDX-License-Identifier: Apache-2.0
// PipeWireSource: what is shown as a video source of PipeWire, which OBS, GStreamer and browsers can choose.
#pragma once

#include <memory>
#include <string>

#include "outputs/picture_out.h"

namespace atelier::outputs {

class PipeWireSource final : public PictureOut {
public:
    // name: of the source, as others see it. server: of its socket, empty: the standard one (PIPEWIRE_REMOTE). Where no
    // server runs, status() says so.
    explicit PipeWireSource(std::string name, std::string server = {});
    ~PipeWireSource() override;

    void show(ShownPicture picture) override;
    OutStatus status() const override;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace atelier::outputs
