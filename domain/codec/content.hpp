#pragma once

#include "domain/context.hpp"
#include "domain/proposal/state.hpp"

#include <string>

namespace mosty::codec {

// The canonical form of a proposal's content, whose hash a version carries: a JSON object of title,
// summary, sectors, partners, budget, sources and indicators, in this order, without white space. Lines,
// sources and indicators are ordered by id, so equal contents have equal bytes. Sections that were written
// follow as `texts`, each a delta; a content without any has the bytes it had before there were texts.
std::string canonical_content(const proposal::Content& content, const SectionTexts& texts);

} // namespace mosty::codec
