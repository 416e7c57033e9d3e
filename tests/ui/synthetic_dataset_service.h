// SPDX-License-Identifier: Apache-2.0
// A DatasetService without pictures: items appear one by one by hand, verdicts follow sharpness and wishes. For tests
// only.
#pragma once

#include <string>
#include <vector>

#include "studio/services/dataset_service.h"

namespace atelier::testing {

class SyntheticData final : public studio::DatasetService {
public:
    void begin(const studio::DataWork& work) override;
    void choose(const studio::DataChoices& choices) override;
    void stop() override;
    void write(const std::filesystem::path& set) override;
    studio::DataStatus status() override { return status_; }
    // The source at half the size, sharpness at 0.3 for plain pictures and 0.4 for faces.
    prepare::Thresholds standard_limits(const prepare::CutOptions& cut) const override;
    void request_pictures(std::vector<studio::DatasetPictureRequest> settings) override;
    std::vector<studio::DataPicture> take_pictures() override;

    // So many pictures there are; the number n has a sharpness of n / total. The last one can't be read.
    int total = 20;
    bool slow = false;    // pictures come when give_pictures() says so
    void look(int count); // at so many more
    void finish() { look(total); }
    void fail(const std::string& sentence);
    void end_writing(const std::string& trouble = {}); // empty: it is written
    void give_pictures() { give_ = true; }

    std::vector<studio::DataWork> begun;
    std::vector<studio::DataChoices> chosen;
    std::vector<std::filesystem::path> written;
    std::vector<std::vector<studio::DatasetPictureRequest>> requests;
    int stops = 0;

private:
    void judge();

    studio::DataStatus status_;
    studio::DataChoices choices_;
    prepare::CutOptions cut_;
    std::vector<studio::DatasetPictureRequest> wanted_;
    bool give_ = false;
    int looked_ = 0;
};

} // namespace atelier::testing
