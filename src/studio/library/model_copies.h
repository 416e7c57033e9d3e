// SPDX-License-Identifier: Apache-2.0
// ModelCopies: the model that plays, written as another kind of file, with its licence and origin. Part of the Library,
// in the UI thread; files are read and written on another one.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/job.h"
#include "studio/services/model_file_service.h"

namespace atelier::studio {

struct StudioContext;

// What its dialog is set to.
struct ModelCopyForm {
    std::string model; // whose licence and origin stand in it
    std::string license, origin, path;
    int kind = 0; // of ModelCopies::kinds()
    StoredNumbers numbers = StoredNumbers::f32;
    bool only_g_ema = false;
    bool was_open = false;
    std::string message; // why the last one failed; empty: it didn't
};

class ModelCopies {
public:
    // files: null where none is built in; then nothing here does anything.
    ModelCopies(StudioContext& context, std::unique_ptr<ModelFileService> files)
        : context_(context), files_(std::move(files)) {}

    bool available() const { return files_ != nullptr; }
    const std::vector<ModelFileKind>& kinds() const; // that can be written
    void start(const ModelCopy& copy);               // unless one is at work
    void cancel() { job_.cancel(); }
    bool tick(); // once a tick; true if something has changed
    bool busy() const { return job_.status().busy(); }
    Job<ModelCopyProgress, ModelCopied>::Status status() const { return job_.status(); }
    const std::filesystem::path& file() const { return file_; } // that is being written
    void finish();                                              // cancels and waits

    ModelCopyForm form;

private:
    void tell(const ModelCopied& end);

    StudioContext& context_;
    std::unique_ptr<ModelFileService> files_;
    std::filesystem::path file_;
    Job<ModelCopyProgress, ModelCopied> job_{{.niceness = 5}}; // the playing picture goes first
};

// What the model says of itself under that name, "license" or "origin"; empty: nothing.
std::string fact_of(const StudioContext& context, const char* name);

// The path with the ending of another kind, in place of one of theirs or behind it.
std::string with_ending(const std::string& path, const std::vector<ModelFileKind>& kinds, const std::string& ending);

} // namespace atelier::studio
