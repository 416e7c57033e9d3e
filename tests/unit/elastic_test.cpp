// SPDX-License-Identifier: Apache-2.0
// What becomes of a run whose ranks have ended: how many are started again, and what is said.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "ranks/elastic.h"

namespace {

using namespace atelier;
using namespace atelier::ranks;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

bool any(int /*ranks*/) {
    return true;
}

RanksEnd ended(int code, std::optional<std::int64_t> images) {
    RanksEnd end;
    end.code = code;
    end.images = images;
    return end;
}

TEST(Elastic, GoesOnWithFewerAsLongAsThereIsProgress) {
    Elastic elastic(4, std::nullopt);
    NextStart next = elastic.after(ended(137, 0), any);
    EXPECT_EQ(next.ranks, 3);
    EXPECT_EQ(next.sentence,
              "A rank was ended by signal 9 (SIGKILL). Going on from the checkpoint at 0 kimg with 3 ranks; there were "
              "4.");
    next = elastic.after(ended(1, 4800), any);
    EXPECT_EQ(next.ranks, 2);
    EXPECT_THAT(next.sentence, AllOf(HasSubstr("died, hung or been cut off"), HasSubstr("at 4.8 kimg with 2 ranks")));
    EXPECT_THAT(elastic.after(ended(1, 5000), any).sentence, HasSubstr("with one rank; there were 2."));
    next = elastic.after(ended(137, 6000), any);
    EXPECT_EQ(next.ranks, 0);
    EXPECT_EQ(next.code, 137);
    EXPECT_THAT(next.sentence, AllOf(HasSubstr("it was the last"), HasSubstr("at 6 kimg, is kept")));
    EXPECT_EQ(Elastic(2, 0).after(ended(0, 9000), any).ranks, 0);
    EXPECT_EQ(Elastic(2, 0).after(ended(0, 9000), any).sentence, "");
}

TEST(Elastic, TakesANumberThatSharesTheBatchOut) {
    const auto even = [](int ranks) { return 16 % (4 * ranks) == 0; };
    EXPECT_EQ(Elastic(4, 0).after(ended(137, 16), even).ranks, 2);
    EXPECT_EQ(Elastic(2, 0).after(ended(137, 16), even).ranks, 1);
    const NextStart none = Elastic(4, 0).after(ended(137, 16), [](int) { return false; });
    EXPECT_EQ(none.ranks, 0);
    EXPECT_THAT(none.sentence, HasSubstr("fewer than 4 ranks can't share the batch out"));
}

TEST(Elastic, LeavesAloneWhatAPersonHasToMend) {
    const NextStart next = Elastic(4, 0).after(ended(2, 16), any);
    EXPECT_EQ(next.ranks, 0);
    EXPECT_EQ(next.code, 2);
    EXPECT_EQ(next.sentence, "") << "the ranks have said it";
    const NextStart early = Elastic(4, std::nullopt).after(ended(1, std::nullopt), any);
    EXPECT_EQ(early.ranks, 0);
    EXPECT_EQ(early.code, 1);
    EXPECT_THAT(early.sentence, HasSubstr("before there was a checkpoint"));
}

TEST(Elastic, GivesUpWhereStartsBringNothing) {
    Elastic elastic(9, 32);
    EXPECT_EQ(elastic.after(ended(1, 32), any).ranks, 8);
    EXPECT_EQ(elastic.after(ended(1, 32), any).ranks, 7);
    const NextStart last = elastic.after(ended(1, 32), any);
    EXPECT_EQ(last.ranks, 0);
    EXPECT_EQ(last.code, 1);
    EXPECT_THAT(last.sentence, HasSubstr("3 starts in a row have brought no new checkpoint since the one at 0.032"));
    Elastic once(9, 32); // a checkpoint in between counts
    once.after(ended(1, 32), any);
    once.after(ended(1, 64), any);
    EXPECT_EQ(once.after(ended(1, 64), any).ranks, 6);
}

TEST(Elastic, DoesNotStartAgainWhatWasToStop) {
    RanksEnd end = ended(137, 16);
    end.asked_to_stop = true;
    const NextStart next = Elastic(4, 0).after(end, any);
    EXPECT_EQ(next.ranks, 0);
    EXPECT_EQ(next.code, 137);
    EXPECT_THAT(next.sentence, HasSubstr("instead of stopping; the last checkpoint, at 0.016 kimg, is kept"));
    RanksEnd mpirun;
    mpirun.signal = 9;
    mpirun.images = 16;
    EXPECT_THAT(Elastic(4, 0).after(mpirun, any).sentence, HasSubstr("mpirun was ended by signal 9"));
}

TEST(Words, AreTakenApartAsByAShell) {
    EXPECT_THAT(words_of("", "--mpirun"), ElementsAre());
    EXPECT_THAT(words_of("  --host a:4,b:4\t--mca  btl tcp,self ", "--mpirun"),
                ElementsAre("--host", "a:4,b:4", "--mca", "btl", "tcp,self"));
    EXPECT_THAT(words_of("-x 'A=b c' \"d'e\"f ''", "--mpirun"), ElementsAre("-x", "A=b c", "d'ef", ""));
    try {
        words_of("-x 'A", "--mpirun");
        FAIL();
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr("--mpirun is '-x 'A'"));
    }
}

} // namespace
