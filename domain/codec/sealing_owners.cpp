#include "domain/codec/sealing_owners.hpp"

#include "domain/base/invariant.hpp"
#include "domain/codec/entry_members.hpp"
#include "domain/codec/event_types.hpp"

#include <optional>

namespace mosty::codec {
namespace {

// The text that stands behind `opening` at the beginning of `data`, which goes on behind it. Ids and words
// have no escapes.
std::optional<std::string_view> take(std::string_view& data, std::string_view opening) {
    if (!data.starts_with(opening))
        return std::nullopt;
    data.remove_prefix(opening.size());
    const std::size_t end = data.find('"');
    if (end == std::string_view::npos)
        return std::nullopt;
    const std::string_view text = data.substr(0, end);
    data.remove_prefix(end);
    return text;
}

constexpr std::string_view site_opening = R"({"site":")";
constexpr std::string_view audience_opening = R"(","audience":")";

std::string owner_of(std::string_view stream, std::string_view site, std::string_view audience) {
    return std::string(stream).append("/").append(site).append(":").append(audience);
}

} // namespace

std::string sealing_owner(std::string_view entry) {
    const std::string_view stream = entry_stream(entry);
    if (entry_type(entry) != sites::Described::type)
        return std::string(stream);
    std::string_view data = entry_data(entry);
    const auto site = take(data, site_opening);
    const auto audience = take(data, audience_opening);
    MOSTY_INVARIANT(site && audience, "what is sealed of a site names it and its audience first");
    return owner_of(stream, *site, *audience);
}

std::vector<std::string> owners_erased(std::string_view entry) {
    const std::string_view type = entry_type(entry);
    const std::string_view stream = entry_stream(entry);
    if (is_erasing_type(type))
        return {std::string(stream)};
    if (type != sites::Erased::type)
        return {};
    std::string_view data = entry_data(entry);
    const auto site = take(data, site_opening);
    if (!site)
        return {};
    std::vector<std::string> owners;
    owners.reserve(WordsOf<sites::Audience>::words.size());
    for (const std::string_view audience : WordsOf<sites::Audience>::words)
        owners.push_back(owner_of(stream, *site, audience));
    return owners;
}

} // namespace mosty::codec
