#include "domain/sites/view.hpp"

#include "domain/base/text.hpp"

#include <string>

namespace mosty::sites {
namespace {

constexpr std::string_view beginning = "sites/";

} // namespace

std::optional<ViewName> view_named(std::string_view text) {
    if (!text.starts_with(beginning))
        return std::nullopt;
    const std::size_t slash = text.find('/', beginning.size());
    if (slash == std::string_view::npos || !is_id(text.substr(beginning.size(), slash - beginning.size())))
        return std::nullopt;
    const auto view = from_word<View>(text.substr(slash + 1));
    if (!view)
        return std::nullopt;
    return ViewName{StreamId(std::string(text.substr(0, slash))), *view};
}

View view_of(const Site& site) {
    if (site.audience == Audience::partners)
        return View::partners;
    return site.side == Side::ua ? View::ua : View::eu;
}

} // namespace mosty::sites
