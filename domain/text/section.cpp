#include "domain/text/section.hpp"

#include "domain/base/invariant.hpp"
#include "domain/base/text.hpp"

#include <string>
#include <utility>

namespace mosty::text {

namespace {

constexpr auto prefix = "text/"sv;
constexpr auto owner_kind = "proposal/"sv;

} // namespace

std::optional<Name> name_of_text(std::string_view stream) {
    if (!stream.starts_with(prefix))
        return std::nullopt;
    const std::string_view rest = stream.substr(prefix.size());
    const std::size_t slash = rest.rfind('/');
    if (!rest.starts_with(owner_kind) || slash < owner_kind.size() ||
        !is_id(rest.substr(owner_kind.size(), slash - owner_kind.size())))
        return std::nullopt;
    const auto section = from_word<Section>(rest.substr(slash + 1));
    if (!section)
        return std::nullopt;
    return Name{StreamId(std::string(rest.substr(0, slash))), *section};
}

StreamId owner_of_text(const StreamId& stream) {
    auto name = name_of_text(stream.text());
    MOSTY_INVARIANT(name, "only a text's stream has a text's state");
    return std::move(name->owner);
}

StreamId text_stream(const StreamId& owner, Section section) {
    std::string stream(prefix);
    stream += owner.text();
    stream += '/';
    stream += to_string(section);
    return StreamId(std::move(stream));
}

} // namespace mosty::text
