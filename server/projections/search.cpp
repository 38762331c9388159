#include "domain/base/invariant.hpp"
#include "server/projections/keys.hpp"
#include "server/projections/past.hpp"
#include "server/projections/row_list.hpp"
#include "server/projections/search_index.hpp"
#include "server/projections/search_words.hpp"

#include <algorithm>
#include <optional>

namespace mosty::projections {
namespace {

using Snapshot = storage::ViewStore::Snapshot;
using storage::KeyValue;
using storage::ReadError;

constexpr std::size_t query_words_max = 8;
constexpr std::size_t entries_per_scan = 1024;
constexpr std::string_view hex_digits = "0123456789abcdef";

std::string to_hex(std::string_view bytes) {
    std::string hex;
    for (const char byte : bytes) {
        hex += hex_digits[static_cast<unsigned char>(byte) >> 4];
        hex += hex_digits[static_cast<unsigned char>(byte) & 15];
    }
    return hex;
}

// Nothing of what is not a whole number of bytes in hexadecimal.
std::string from_hex(std::string_view hex) {
    std::string bytes;
    if (hex.size() % 2 != 0)
        return bytes;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        const auto high = hex_digits.find(hex[i]);
        const auto low = hex_digits.find(hex[i + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos)
            return {};
        bytes += static_cast<char>(high * 16 + low);
    }
    return bytes;
}

// What is looked for: the longest word by its place in the store, the others among the words there.
struct Query {
    std::string longest;
    std::vector<std::string> others;
    std::string_view country;
};

Query query_of(std::string_view text, std::string_view country) {
    Query query{{}, search_words(text), country};
    if (query.others.empty())
        return query;
    if (query.others.size() > query_words_max)
        query.others.resize(query_words_max);
    const auto longest = std::ranges::max_element(query.others, {}, &std::string::size);
    query.longest = std::move(*longest);
    query.others.erase(longest);
    return query;
}

// Whether an entry under `word` is found, and is the first of its municipality's entries that is: one
// with several words that begin alike is found once.
bool is_match(const Query& query, std::string_view word, std::string_view value) {
    const auto parts = parts_of(value, ' ');
    if (!query.country.empty() && parts.front() != query.country)
        return false;
    const auto begins_with = [](std::string_view prefix) {
        return [prefix](std::string_view each) { return each.starts_with(prefix); };
    };
    const auto first = std::ranges::find_if(parts.begin() + 1, parts.end(), begins_with(query.longest));
    if (first == parts.end() || *first != word)
        return false;
    return std::ranges::all_of(query.others, [&](const std::string& other) {
        return std::any_of(parts.begin() + 1, parts.end(), begins_with(other));
    });
}

// Gathers one page of the matches and counts all of them.
class Page {
public:
    Page(const Snapshot& snapshot, std::string after, std::size_t limit)
        : snapshot_(snapshot), after_(std::move(after)), limit_(limit) {}

    Result<void, ReadError> match(const std::string& key, std::string_view id) {
        ++page_.total;
        if (!after_.empty() && key <= after_)
            return {};
        if (page_.rows.size() == limit_) {
            if (page_.next.empty())
                page_.next = to_hex(last_);
            return {};
        }
        auto row = snapshot_.get(keys::row("municipalities", id));
        if (!row)
            return std::unexpected(row.error());
        MOSTY_INVARIANT(row->has_value(), "every municipality that is found has its row");
        page_.rows.push_back(std::move(**row));
        last_ = key;
        return {};
    }

    ListPage finish() && { return std::move(page_); }

private:
    const Snapshot& snapshot_;
    const std::string after_;
    const std::size_t limit_;
    std::string last_;
    ListPage page_;
};

// Calls `visit(entry)` for every entry whose key begins with the prefix.
template <class Visit>
Result<void, ReadError> for_each_entry(const Snapshot& snapshot, std::string_view prefix, Visit visit) {
    std::string from;
    for (;;) {
        const auto entries = snapshot.scan(prefix, from, entries_per_scan);
        if (!entries)
            return std::unexpected(entries.error());
        for (const KeyValue& entry : *entries)
            if (auto visited = visit(entry); !visited)
                return visited;
        if (entries->size() < entries_per_scan)
            return {};
        from = entries->back().key.substr(prefix.size()) + '\0';
    }
}

// All municipalities by country and name: their number is known without looking at each.
Result<ListPage, ReadError> everything(const Snapshot& snapshot, const std::string& after,
                                       std::size_t limit) {
    const std::string_view prefix = keys::names();
    const auto from = after.starts_with(prefix) ? after.substr(prefix.size()) : std::string();
    const auto entries = snapshot.scan(prefix, from, limit + 2); // the one at `after`, and one more
    if (!entries)
        return std::unexpected(entries.error());
    const auto list = read_row_list(snapshot, "municipalities");
    if (!list)
        return std::unexpected(list.error());
    Page page(snapshot, after, limit);
    for (const KeyValue& entry : *entries)
        if (auto taken = page.match(entry.key, parts_of(entry.key, '\0').back()); !taken)
            return std::unexpected(taken.error());
    ListPage found = std::move(page).finish();
    found.total = list->total;
    return found;
}

} // namespace

Result<ListPage, ReadError> search_municipalities(const Snapshot& snapshot, std::string_view text,
                                                  std::string_view country, std::string_view after,
                                                  std::size_t limit) {
    const Query query = query_of(text, country);
    const bool by_word = !query.longest.empty();
    if (!by_word && country.empty())
        return everything(snapshot, from_hex(after), limit);
    Page page(snapshot, from_hex(after), limit);
    std::string prefix(by_word ? keys::words() : keys::names());
    const std::size_t key_at = prefix.size();
    if (by_word)
        prefix += query.longest;
    else if (!country.empty())
        prefix.append(country).append(1, '\0');

    const auto searched =
        for_each_entry(snapshot, prefix, [&](const KeyValue& entry) -> Result<void, ReadError> {
            const auto parts = parts_of(std::string_view(entry.key).substr(key_at), '\0');
            if (by_word && !is_match(query, parts.front(), entry.value))
                return {};
            return page.match(entry.key, parts.back());
        });
    if (!searched)
        return std::unexpected(searched.error());
    return std::move(page).finish();
}

} // namespace mosty::projections
