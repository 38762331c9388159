#include "server/core/way_out.hpp"

#include <fmt/format.h>

namespace mosty::core {

storage::OpenError with_way_out(storage::OpenError refusal, const std::filesystem::path& data) {
    using enum storage::OpenError::Code;
    if (refusal.code == corrupted || refusal.code == missing_acknowledged)
        refusal.sentence +=
            fmt::format(". Leave {0} as it is: “mosty verify {0}” tells what is damaged and where, "
                        "“mosty repair {0}” what of it is whole and proven",
                        data.string());
    return refusal;
}

} // namespace mosty::core
