#include "server/events/page.hpp"

#include "server/events/reader.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace mosty::events {
namespace {

constexpr std::size_t looked_at_max = 50'000;
constexpr std::size_t at_once = 512;

// The part of the log that is still to be looked at, and on which side to go on.
struct Rest {
    Position low = 0;
    Position high = 0;
    bool descending = false;

    bool is_empty() const { return low >= high; }
    void pass(Position position) {
        if (descending)
            high = position;
        else
            low = position + 1;
    }
    // Where the next page begins.
    Position next() const { return descending ? high : low; }
};

using Positions = Result<std::vector<Position>, std::string>;

// The next positions that the streams' entries have, in the direction of the page. What of `rest` was looked
// at for them is `seen`: nothing is missing there.
Positions next_of_streams(std::vector<StreamPositions>& streams, const Rest& rest, Rest& seen) {
    seen = rest;
    std::vector<Position> positions;
    for (StreamPositions& stream : streams) {
        auto found = rest.descending ? stream.read_back(rest.high, at_once)
                                     : stream.read(rest.low, rest.high, at_once);
        if (!found)
            return std::unexpected(std::move(found.error()));
        if (found->size() == at_once) {
            if (rest.descending)
                seen.low = std::max(seen.low, found->back());
            else
                seen.high = std::min(seen.high, found->back() + 1);
        }
        positions.insert(positions.end(), found->begin(), found->end());
    }
    std::erase_if(positions, [&](Position position) { return position < seen.low || position >= seen.high; });
    if (rest.descending)
        std::ranges::sort(positions, std::greater{});
    else
        std::ranges::sort(positions);
    return positions;
}

class PageSearch {
public:
    PageSearch(const storage::LogReader& log, const Reader& reader, Rest rest, std::size_t limit)
        : log_(log), reader_(reader), rest_(rest), limit_(limit) {}

    Result<Page, std::string> in_streams(std::vector<StreamPositions> streams) {
        while (!rest_.is_empty()) {
            Rest seen;
            const auto positions = next_of_streams(streams, rest_, seen);
            if (!positions)
                return std::unexpected(positions.error());
            for (const Position position : *positions) {
                if (is_full())
                    return stop();
                auto entries = log_.read(position, 1);
                if (!entries)
                    return std::unexpected(entries.error().reason);
                for (storage::Entry& entry : *entries)
                    if (auto taken = take(std::move(entry)); !taken)
                        return std::unexpected(std::move(taken.error()));
            }
            (rest_.descending ? rest_.high : rest_.low) = rest_.descending ? seen.low : seen.high;
        }
        return std::move(page_);
    }

    Result<Page, std::string> in_all() {
        while (!rest_.is_empty()) {
            const std::size_t count = std::min<Size>(at_once, rest_.high - rest_.low);
            auto entries = log_.read(rest_.descending ? rest_.high - count : rest_.low, count);
            if (!entries)
                return std::unexpected(entries.error().reason);
            if (entries->empty())
                break;
            if (rest_.descending)
                std::ranges::reverse(*entries);
            for (storage::Entry& entry : *entries) {
                if (is_full())
                    return stop();
                if (auto taken = take(std::move(entry)); !taken)
                    return std::unexpected(std::move(taken.error()));
            }
        }
        return std::move(page_);
    }

private:
    bool is_full() const { return page_.entries.size() == limit_ || looked_at_ == looked_at_max; }

    Page stop() {
        page_.next = rest_.next();
        return std::move(page_);
    }

    Result<void, std::string> take(storage::Entry entry) {
        ++looked_at_;
        rest_.pass(entry.position);
        const auto wanted = reader_.wants(entry);
        if (!wanted)
            return std::unexpected(wanted.error());
        if (*wanted)
            page_.entries.push_back(std::move(entry));
        return {};
    }

    const storage::LogReader& log_;
    const Reader& reader_;
    Rest rest_;
    const std::size_t limit_;
    std::size_t looked_at_ = 0;
    Page page_;
};

} // namespace

Result<Page, std::string> find_page(const storage::LogReader& stored, const storage::LogReader& opened,
                                    Size size, const PageQuestion& question) {
    const auto reader = Reader::open(stored, opened, size, question.filter);
    if (!reader)
        return std::unexpected(reader.error());
    const Rest rest{.low = question.from,
                    .high = std::min<Size>(question.before.value_or(size), size),
                    .descending = question.descending};
    PageSearch search(stored, **reader, rest, question.limit);
    std::vector<StreamPositions> streams;
    for (StreamId& stream : streams_named(question.filter.stream))
        streams.emplace_back(stored, std::move(stream));
    return streams.empty() ? search.in_all() : search.in_streams(std::move(streams));
}

} // namespace mosty::events
