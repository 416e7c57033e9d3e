// SPDX-License-Identifier: Apache-2.0
// Ranks that are threads of the test: a communicator whose sums go in the order of ranks.
#pragma once

#include <condition_variable>
#include <cstring>
#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "ranks/communicator.h"
#include "train/ranks.h"

namespace atelier::test {

// Not one of std::exception's, since it stands for the end of a process.
struct Aborted {
    int code;
};

// What the ranks of one run share.
struct ThreadWorld {
    explicit ThreadWorld(int ranks) : size(ranks), notes(static_cast<std::size_t>(ranks)) {}
    struct Exchange {
        std::vector<const void*> from;
        std::vector<std::vector<char>> sent;
        int come = 0;
    };
    int size;
    std::mutex mutex;
    std::map<int, Exchange> exchanges;
    std::vector<std::deque<ranks::Note>> notes;
    bool aborted = false;
    std::vector<std::string> said;
};

class ThreadCommunicator final : public ranks::Communicator {
public:
    ThreadCommunicator(ThreadWorld& world, int rank) : world_(world), rank_(rank) {}
    int rank() const override { return rank_; }
    int size() const override { return world_.size; }
    int local_rank() const override { return rank_; }
    int local_size() const override { return world_.size; }
    std::string host() const override { return "host" + std::to_string(rank_); }

    Ticket start_sum(const void* from, void* into, std::size_t count, ranks::Number number) override {
        const bool wide = number == ranks::Number::float64;
        return start(from, count * (wide ? 8 : 4), [=](const std::vector<std::vector<char>>& sent) {
            wide ? add<double>(sent, into, count) : add<float>(sent, into, count);
        });
    }
    Ticket start_gather(const void* mine, std::size_t bytes, void* all) override {
        return start(mine, bytes, [=](const std::vector<std::vector<char>>& sent) {
            for (std::size_t i = 0; i < sent.size(); ++i) {
                std::memcpy(static_cast<char*>(all) + i * bytes, sent[i].data(), bytes);
            }
        });
    }
    Ticket start_gather_at_first(const void* mine, std::size_t bytes, void* all) override {
        return start(mine, bytes, [=, this](const std::vector<std::vector<char>>& sent) {
            for (std::size_t i = 0; rank_ == 0 && i < sent.size(); ++i) {
                std::memcpy(static_cast<char*>(all) + i * bytes, sent[i].data(), bytes);
            }
        });
    }
    bool done(Ticket ticket) override {
        const std::lock_guard lock(world_.mutex);
        if (world_.aborted) {
            throw Aborted{1};
        }
        const ThreadWorld::Exchange& exchange = world_.exchanges[ticket];
        if (exchange.come < world_.size) {
            return false;
        }
        ends_.at(ticket)(exchange.sent);
        ends_.erase(ticket);
        return true;
    }
    void post(int to, std::uint64_t exchange) override {
        const std::lock_guard lock(world_.mutex);
        world_.notes[static_cast<std::size_t>(to)].push_back({rank_, exchange});
    }
    std::optional<ranks::Note> next_note() override {
        const std::lock_guard lock(world_.mutex);
        auto& mine = world_.notes[static_cast<std::size_t>(rank_)];
        if (mine.empty()) {
            return std::nullopt;
        }
        const ranks::Note note = mine.front();
        mine.pop_front();
        return note;
    }
    [[noreturn]] void abort(int code) override {
        {
            const std::lock_guard lock(world_.mutex);
            world_.aborted = true;
        }
        throw Aborted{code};
    }

private:
    using End = std::function<void(const std::vector<std::vector<char>>& sent)>;
    Ticket start(const void* from, std::size_t bytes, End end) {
        const std::lock_guard lock(world_.mutex);
        ThreadWorld::Exchange& exchange = world_.exchanges[next_];
        exchange.sent.resize(static_cast<std::size_t>(world_.size));
        exchange.sent[static_cast<std::size_t>(rank_)].assign(static_cast<const char*>(from),
                                                              static_cast<const char*>(from) + bytes);
        ++exchange.come;
        ends_[next_] = std::move(end);
        return next_++;
    }
    template <typename T> static void add(const std::vector<std::vector<char>>& sent, void* into, std::size_t count) {
        T* sum = static_cast<T*>(into);
        for (std::size_t i = 0; i < count; ++i) {
            sum[i] = 0;
            for (const auto& one : sent) {
                sum[i] += reinterpret_cast<const T*>(one.data())[i];
            }
        }
    }

    ThreadWorld& world_;
    int rank_;
    int next_ = 0;
    std::map<Ticket, End> ends_;
};

// Runs `work` on that many ranks, each a thread, and returns what they said at their end. An exception of one of them
// is thrown here; the others then end as well.
inline std::vector<std::string> on_ranks(int count, const std::function<void(train::Ranks&)>& work,
                                         double limit = 120) {
    ThreadWorld world(count);
    std::vector<std::exception_ptr> errors(static_cast<std::size_t>(count));
    {
        std::vector<std::jthread> threads;
        for (int rank = 0; rank < count; ++rank) {
            threads.emplace_back([&, rank] {
                try {
                    ThreadCommunicator communicator(world, rank);
                    train::WatchedRanks ranks(communicator, {limit, [&](const std::string& sentence) {
                                                                 const std::lock_guard lock(world.mutex);
                                                                 world.said.push_back(sentence);
                                                             }});
                    work(ranks);
                } catch (const Aborted&) {
                    // the end of a process
                } catch (...) {
                    errors[static_cast<std::size_t>(rank)] = std::current_exception();
                    const std::lock_guard lock(world.mutex);
                    world.aborted = true;
                }
            });
        }
    }
    for (const std::exception_ptr& error : errors) {
        if (error) {
            std::rethrow_exception(error);
        }
    }
    return world.said;
}

} // namespace atelier::test
