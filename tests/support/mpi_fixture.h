// SPDX-License-Identifier: Apache-2.0
// A folder of training pictures for commands that run as several ranks; such tests are skipped where there is no MPI.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "support/mpi_run.h"
#include "support/scratch.h"
#include "support/training_pictures.h"

namespace atelier::test {

class MpiCommand : public ::testing::Test {
protected:
    void SetUp() override {
        if (program().empty()) {
            GTEST_SKIP() << "the program is not built";
        }
        if (!have_mpi()) {
            GTEST_SKIP() << "there is no mpirun here, or the program was built without MPI";
        }
        let_root_use_mpirun();
        write_pictures(data(), 24);
    }
    const std::filesystem::path& folder() const { return folder_.path(); }
    std::filesystem::path data() const { return out("data"); }
    std::filesystem::path out(const std::string& name) const { return folder() / name; }

private:
    Scratch folder_;
};

inline std::string text_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace atelier::test
