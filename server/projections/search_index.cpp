#include "server/projections/search_index.hpp"

#include "server/projections/json_text.hpp"
#include "server/projections/keys.hpp"
#include "server/projections/search_words.hpp"

#include <algorithm>
#include <iterator>

namespace mosty::projections {
namespace {

constexpr char divider = '\0';

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) {
        if (!text.empty())
            text += ' ';
        text += word;
    }
    return text;
}

std::string divided(std::string_view prefix, std::string_view first, std::string_view second,
                    std::string_view third) {
    std::string key;
    key.reserve(prefix.size() + first.size() + second.size() + third.size() + 2);
    key.append(prefix).append(first).append(1, divider).append(second).append(1, divider).append(third);
    return key;
}

} // namespace

std::vector<storage::KeyValue> search_entries(std::string_view id, const boost::json::object& row) {
    std::vector<std::string> words = search_words(text_of(row, "name"));
    const std::string name = joined(words);
    for (const std::string_view member : {"name_local", "code"})
        std::ranges::move(search_words(text_of(row, member)), std::back_inserter(words));
    std::ranges::sort(words);
    words.erase(std::ranges::unique(words).begin(), words.end());

    const std::string_view country = text_of(row, "country");
    const std::string value = std::string(country).append(" ").append(joined(words));
    std::vector<storage::KeyValue> entries;
    entries.reserve(words.size() + 1);
    for (const std::string& word : words)
        entries.push_back({divided(keys::words(), word, name, id), value});
    entries.push_back({divided(keys::names(), country, name, id), {}});
    return entries;
}

std::vector<std::string_view> parts_of(std::string_view text, char at) {
    std::vector<std::string_view> parts;
    for (std::size_t end = text.find(at); end != std::string_view::npos; end = text.find(at)) {
        parts.push_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    parts.push_back(text);
    return parts;
}

} // namespace mosty::projections
