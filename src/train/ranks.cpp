// SPDX-License-Identifier: Apache-2.0
#include "train/ranks.h"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <thread>

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "ranks/communicator.h"

namespace atelier::train {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t bucket = std::int64_t{1} << 20; // elements that are reduced at once
constexpr std::size_t under_way = 4;                   // buckets that are begun before the first is waited for

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

std::string capital(std::string text) {
    text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
    return text;
}

class OneRank final : public Ranks {
    void tell_and_end(const std::string& sentence, int /*code*/) override { throw Error(sentence); }
};

// Tensors that follow one another in one array.
struct Bucket {
    std::vector<at::Tensor> parts;
    at::Tensor from, into;
};

std::vector<std::vector<at::Tensor>> cut(const std::vector<at::Tensor>& tensors) {
    std::vector<std::vector<at::Tensor>> buckets;
    std::int64_t room = 0;
    for (const at::Tensor& tensor : tensors) {
        if (buckets.empty() || tensor.numel() > room || tensor.scalar_type() != buckets.back().front().scalar_type()) {
            buckets.emplace_back();
            room = std::max(bucket, tensor.numel());
        }
        room -= tensor.numel();
        buckets.back().push_back(tensor);
    }
    return buckets;
}

} // namespace

Ranks& one_rank() {
    static OneRank alone;
    return alone;
}

WatchedRanks::WatchedRanks(ranks::Communicator& communicator, Options options)
    : communicator_(communicator), options_(std::move(options)) {
    if (!options_.say) {
        options_.say = [](const std::string& sentence) {
            std::fputs(("atelier: " + sentence + "\n").c_str(), stderr);
            std::fflush(stderr);
        };
    }
    waits_for_.resize(static_cast<std::size_t>(communicator_.size()));
    hosts_ = gather(communicator_.host());
}

int WatchedRanks::rank() const {
    return communicator_.rank();
}

int WatchedRanks::size() const {
    return communicator_.size();
}

int WatchedRanks::local_rank() const {
    return communicator_.local_rank();
}

int WatchedRanks::local_size() const {
    return communicator_.local_size();
}

template <typename Start> WatchedRanks::Exchange WatchedRanks::start(const Start& begin) {
    try {
        return {begin(), ++exchanges_};
    } catch (const std::runtime_error& problem) {
        end(fmt::format("{} of {} can't go on with the others: {}.", capital(name_of(rank())), size(), problem.what()));
    }
}

void WatchedRanks::sum(const std::vector<at::Tensor>& tensors) {
    const at::NoGradGuard no_grad;
    std::deque<std::pair<Bucket, Exchange>> begun;
    const auto take = [&] {
        wait(begun.front().second);
        const Bucket& one = begun.front().first;
        std::int64_t at = 0;
        for (at::Tensor part : one.parts) {
            part.copy_(one.into.slice(0, at, at + part.numel()).reshape(part.sizes()));
            at += part.numel();
        }
        begun.pop_front();
    };
    for (std::vector<at::Tensor>& parts : cut(tensors)) {
        Bucket one;
        std::vector<at::Tensor> flat;
        for (const at::Tensor& part : parts) {
            flat.push_back(part.reshape({-1}));
        }
        one.parts = std::move(parts);
        one.from = at::cat(flat).to(at::kCPU).contiguous();
        one.into = at::empty_like(one.from);
        const auto number = one.from.scalar_type() == at::kDouble ? ranks::Number::float64 : ranks::Number::float32;
        const Exchange exchange = start([&] {
            return communicator_.start_sum(one.from.const_data_ptr(), one.into.mutable_data_ptr(),
                                           static_cast<std::size_t>(one.from.numel()), number);
        });
        begun.emplace_back(std::move(one), exchange);
        if (begun.size() == under_way) {
            take();
        }
    }
    while (!begun.empty()) {
        take();
    }
}

std::vector<std::string> WatchedRanks::gather(const std::string& mine) {
    return gather(mine, true);
}

std::vector<std::string> WatchedRanks::gather_at_first(const std::string& mine) {
    return gather(mine, false);
}

std::vector<std::string> WatchedRanks::gather(const std::string& mine, bool everywhere) {
    const auto count = static_cast<std::size_t>(size());
    std::vector<std::uint64_t> lengths(count);
    const std::uint64_t length = mine.size();
    wait(start([&] { return communicator_.start_gather(&length, sizeof(length), lengths.data()); }));
    const std::size_t longest = *std::max_element(lengths.begin(), lengths.end());
    const bool here = everywhere || rank() == 0;
    std::string block = mine, all(here ? longest * count : 0, '\0');
    block.resize(longest);
    if (longest > 0) {
        wait(start([&] {
            return everywhere ? communicator_.start_gather(block.data(), longest, all.data())
                              : communicator_.start_gather_at_first(block.data(), longest, all.data());
        }));
    }
    std::vector<std::string> texts;
    if (!here) {
        return texts;
    }
    for (std::size_t i = 0; i < count; ++i) {
        texts.push_back(all.substr(i * longest, lengths[i]));
    }
    return texts;
}

// A rank that has waited for a while says so to the first one, and the first one to all: so nothing but the exchanges
// goes over the network as long as all is well, and at the limit it is known who has come and who hasn't.
void WatchedRanks::wait(Exchange exchange) {
    const auto begin = Clock::now();
    bool told = false;
    try {
        while (!communicator_.done(exchange.ticket)) {
            const double waiting = seconds_since(begin);
            if (waiting > options_.limit / 4 && !told) {
                told = true;
                for (int to = 0; to < (rank() == 0 ? size() : 1); ++to) {
                    if (to != rank()) {
                        communicator_.post(to, exchange.number);
                    }
                }
            }
            if (waiting > options_.limit) {
                blame(exchange.number, waiting);
            }
            // Quickly at first, for a small exchange takes microseconds; later without taking the cores from those that
            // are still computing.
            if (waiting > 20e-6) {
                std::this_thread::sleep_for(std::chrono::duration<double>(std::min(waiting / 8, 500e-6)));
            }
        }
    } catch (const std::runtime_error& problem) {
        end(fmt::format("{} of {} can't reach the others any more: {}.", capital(name_of(rank())), size(),
                        problem.what()));
    }
    waited_ += seconds_since(begin);
}

void WatchedRanks::read_notes() {
    while (const auto note = communicator_.next_note()) {
        std::uint64_t& last = waits_for_[static_cast<std::size_t>(note->from)];
        last = std::max(last, note->exchange);
    }
}

void WatchedRanks::blame(std::uint64_t exchange, double waiting) {
    read_notes();
    const auto come = [&](int rank) { return waits_for_[static_cast<std::size_t>(rank)] >= exchange; };
    std::vector<int> missing;
    if (rank() == 0) {
        for (int other = 1; other < size(); ++other) {
            if (!come(other)) {
                missing.push_back(other);
            }
        }
    } else {
        // The first rank has seen more and speaks for all, as long as it is there; else the next one does.
        const double longer = come(0) ? 2 : 1.25 + 0.1 * std::min(rank() - 1, 5);
        if (waiting < longer * options_.limit) {
            return;
        }
        if (!come(0)) {
            missing.push_back(0);
        }
    }
    if (missing.empty()) {
        end(fmt::format(
            "All ranks wait for each other and for {:g} s nothing has come through: the network between them "
            "is broken. The run ends; its last checkpoint is kept.",
            options_.limit));
    }
    end(fmt::format(
        "{} of {} {} not answered for {:g} s (--rank-timeout): hung, or cut off from the network. The run ends; "
        "its last checkpoint is kept.",
        capital(names_of(missing)), size(), missing.size() == 1 ? "has" : "have", options_.limit));
}

std::string WatchedRanks::name_of(int rank) const {
    const auto index = static_cast<std::size_t>(rank);
    return index < hosts_.size() ? fmt::format("rank {} (on {})", rank, hosts_[index]) : fmt::format("rank {}", rank);
}

std::string WatchedRanks::names_of(const std::vector<int>& ranks) const {
    std::vector<std::string> names;
    for (const int rank : ranks) {
        names.push_back(name_of(rank));
    }
    return fmt::format("{}", fmt::join(names, ", "));
}

void WatchedRanks::tell_and_end(const std::string& sentence, int code) {
    if (before_end) {
        try {
            before_end(sentence);
        } catch (const std::exception&) {
            // it is told all the same
        }
    }
    options_.say(sentence);
    communicator_.abort(code);
}

} // namespace atelier::train
