#pragma once

#include <optional>
#include <string_view>

namespace mosty::projections {

enum class TopicKind { view, list };

// What a topic's name stands for; nothing when it is not the name of a view or of a list. Whether
// anything has been recorded under it is another question.
std::optional<TopicKind> kind_of(std::string_view topic);

} // namespace mosty::projections
