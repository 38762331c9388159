#include "storage/verify.hpp"

#include "domain/base/invariant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mosty::storage {

namespace {

constexpr std::size_t page = 1'000;

class Check {
public:
    Check(const LogReader& log, const VerifyRequest& request) : log_(log), request_(request) {
        MOSTY_INVARIANT(request.keys_of != nullptr, "the index can be checked only against its function");
        progress_.entries = log.size();
    }

    VerifyReport run() {
        if (request_.marked_tail)
            check_mark(*request_.marked_tail);
        merkle::TreeCheck tree(log_, anchors(), [this](Position position, std::string sentence) {
            add({Problem::Kind::tree, position, {}, std::move(sentence)});
        });
        check_entries(tree);
        if (!report_.ended_early)
            check_index();
        report_.entries = progress_.entries_checked;
        report_.root = tree.root();
        report_.proven = tree.proven();
        return std::move(report_);
    }

private:
    void check_mark(const MarkedTail& marked) {
        using enum Problem::Kind;
        if (marked.size == 0)
            return;
        if (log_.log_id().empty() && log_.size() == 0)
            return add({mark,
                        Position{0},
                        {},
                        fmt::format("{} entries were acknowledged, of the log {} nothing is here",
                                    marked.size, marked.log_id)});
        if (marked.log_id != log_.log_id())
            return add({mark,
                        {},
                        {},
                        fmt::format("the mark is of log {}, this is log {}", marked.log_id, log_.log_id())});
        if (marked.size > log_.size())
            return add(
                {mark,
                 log_.size(),
                 {},
                 fmt::format("{} entries were acknowledged, the log holds {}", marked.size, log_.size())});
        const auto last = log_.read(marked.size - 1, 1);
        if (last && !last->empty() && sha256(last->front().bytes) != marked.last_entry_hash)
            add({mark,
                 marked.size - 1,
                 {},
                 fmt::format("entry {} is not the one that was acknowledged", marked.size - 1)});
    }

    std::vector<merkle::Anchor> anchors() {
        std::vector<merkle::Anchor> all = request_.anchors;
        for (const auto& anchor : all)
            if (anchor.size > progress_.entries)
                add({Problem::Kind::anchor,
                     progress_.entries,
                     {},
                     fmt::format("{} is of {} entries, the log holds {}", anchor.name, anchor.size,
                                 progress_.entries)});
        if (request_.marked_tail && request_.marked_tail->root)
            all.push_back({"the mark", request_.marked_tail->size, *request_.marked_tail->root});
        return all;
    }

    void check_entries(merkle::TreeCheck& tree) {
        std::vector<std::optional<merkle::Hash>> leaves;
        for (Position next = 0; next < progress_.entries && tell();) {
            const std::size_t count = std::min<Size>(page, progress_.entries - next);
            const auto entries = log_.read(next, count);
            leaves.clear();
            if (entries && entries->size() == count)
                for (const Entry& entry : *entries)
                    leaves.push_back(check_entry(entry, next++));
            else
                for (const Position end = next + count; next < end; ++next)
                    leaves.push_back(check_alone(next));
            if (tree.is_known())
                tree.take(leaves); // tells what is wrong itself
        }
    }

    // Finds out which entries of a page that cannot be read are the missing ones.
    std::optional<merkle::Hash> check_alone(Position position) {
        const auto alone = log_.read(position, 1);
        if (alone && alone->size() == 1)
            return check_entry(alone->front(), position);
        ++progress_.entries_checked;
        add({Problem::Kind::entry_missing,
             position,
             {},
             fmt::format("entry {} cannot be read: {}", position,
                         alone ? "nothing is there" : alone.error().reason)});
        return std::nullopt;
    }

    std::optional<merkle::Hash> check_entry(const Entry& entry, Position expected) {
        ++progress_.entries_checked;
        if (entry.position != expected) {
            add({Problem::Kind::entry_missing,
                 expected,
                 {},
                 fmt::format("entry {} stands where {} belongs", entry.position, expected)});
            return std::nullopt;
        }
        for (const IndexKey& key : request_.keys_of(entry.bytes))
            check_key_of(entry.position, key);
        return merkle::leaf_hash(entry.bytes);
    }

    void check_key_of(Position position, const IndexKey& key) {
        using enum Problem::Kind;
        const auto found = log_.find(key);
        if (!found)
            add({unreadable, position, key,
                 fmt::format("key {:?} of entry {} cannot be read: {}", key, position,
                             found.error().reason)});
        else if (!*found)
            add({key_missing, position, key, fmt::format("key {:?} of entry {} is missing", key, position)});
        else if (**found != position)
            add({key_wrong, position, key,
                 fmt::format("key {:?} of entry {} names entry {}", key, position, **found)});
        else
            ++keys_right_;
    }

    // Every key that an entry has was looked up: when the index holds as many, it holds no other. Only
    // otherwise each of its keys is held against its entry.
    void check_index() {
        scan_index([this](const KeyedPosition& at) {
            ++progress_.keys_checked;
            if (at.position < progress_.entries)
                ++report_.keys;
            else if (at.position >= log_.size())
                add({Problem::Kind::key_extra, at.position, at.key,
                     fmt::format("key {:?} names entry {}, past the end", at.key, at.position)});
        });
        if (report_.keys != keys_right_ && !report_.ended_early)
            scan_index([this](const KeyedPosition& at) { check_indexed(at); });
    }

    template <class See>
    void scan_index(See&& see) {
        std::string from;
        while (tell()) {
            const auto keys = log_.scan("", from, page);
            if (!keys)
                return add_unreadable_index(from, keys.error());
            std::ranges::for_each(*keys, see);
            if (keys->size() < page)
                return;
            from = keys->back().key + '\0';
        }
    }

    void add_unreadable_index(const std::string& from, const ReadError& error) {
        if (index_unreadable_)
            return; // told in the first pass
        index_unreadable_ = true;
        add({Problem::Kind::unreadable,
             {},
             from,
             fmt::format("the index cannot be read from {:?} on: {}", from, error.reason)});
    }

    void check_indexed(const KeyedPosition& at) {
        if (at.position >= progress_.entries)
            return;
        const auto entry = log_.read(at.position, 1);
        if (!entry || entry->empty())
            return; // told in the pass over the entries
        const auto keys = request_.keys_of(entry->front().bytes);
        if (std::ranges::find(keys, at.key) == keys.end())
            add({Problem::Kind::key_extra, at.position, at.key,
                 fmt::format("key {:?} names entry {}, which does not have it", at.key, at.position)});
    }

    bool tell() {
        report_.ended_early = request_.go_on && !request_.go_on(progress_);
        return !report_.ended_early;
    }

    void add(Problem problem) {
        ++report_.problems_total;
        if (report_.problems.size() < request_.problems_kept_max)
            report_.problems.push_back(std::move(problem));
    }

    const LogReader& log_;
    const VerifyRequest& request_;
    VerifyProgress progress_;
    VerifyReport report_;
    std::uint64_t keys_right_ = 0;
    bool index_unreadable_ = false;
};

} // namespace

VerifyReport verify(const LogReader& log, const VerifyRequest& request) {
    return Check(log, request).run();
}

} // namespace mosty::storage
