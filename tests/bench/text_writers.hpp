#pragma once

#include "tests/bench/options.hpp"
#include "tests/bench/poll.hpp"
#include "tests/bench/text_writer.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace mosty::bench {

// The server that --server and --port name; of Mosty's texts those of --section.
std::unique_ptr<TextServer> text_server(const Options& options);

// Several writers at each of several texts, all on one thread.
class TextWriters {
public:
    // Returns when every writer has its text, and every text is about `length_wanted` units long.
    TextWriters(TextServer& server, std::size_t texts, std::size_t writers_a_text, std::size_t length_wanted);

    std::size_t size() const { return writers_.size(); }
    TextWriter& operator[](std::size_t number) { return *writers_[number]; }

    // Waits for what arrives and takes it in. Calls `back(writer, nanoseconds)` for each edit that is both
    // accepted and back.
    template <class Back>
    void turn(int milliseconds_max, Back&& back) {
        for (const auto& event : poll_.wait(milliseconds_max)) {
            TextWriter& writer = *writers_[event.data.u64];
            if (const auto took = writer.read())
                back(writer, *took);
            writer.wire().flush();
        }
    }

    std::uint64_t heard() const; // edits, by all writers together

    // Waits for every edit under way, then for every writer to hear of all. Gives up unless all writers of
    // a text have heard the same changes, and these make of the first content what the server now has.
    void settle_and_compare();

private:
    template <class Reached>
    void wait_until(const char* what, Reached&& reached);

    TextServer& server_;
    const std::size_t texts_;
    const std::size_t writers_a_text_;
    Poll poll_;
    std::vector<std::unique_ptr<TextWriter>> writers_; // those of one text stand together
};

} // namespace mosty::bench
