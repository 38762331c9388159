#include "domain/codec/entry_members.hpp"

namespace mosty::codec {
namespace {

std::string_view member(std::string_view entry, std::string_view opening) {
    const std::size_t at = entry.find(opening);
    if (at == std::string_view::npos)
        return {};
    const std::size_t from = at + opening.size();
    const std::size_t end = entry.find('"', from);
    return end == std::string_view::npos ? std::string_view() : entry.substr(from, end - from);
}

} // namespace

std::string_view entry_type(std::string_view entry) {
    return member(entry, R"(,"type":")");
}

std::string_view entry_stream(std::string_view entry) {
    return member(entry, R"(,"subject":")");
}

// The members before hold no quotation marks but their own.
std::string_view entry_data(std::string_view entry) {
    constexpr std::string_view opening = R"(,"data":)";
    const std::size_t at = entry.find(opening);
    if (at == std::string_view::npos || !entry.ends_with('}'))
        return {};
    const std::size_t from = at + opening.size();
    return entry.substr(from, entry.size() - from - 1);
}

} // namespace mosty::codec
