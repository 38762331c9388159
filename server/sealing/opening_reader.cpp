#include "server/sealing/opening_reader.hpp"

#include <fmt/format.h>

namespace mosty::sealing {

Result<std::vector<storage::Entry>, storage::ReadError> open_all(std::vector<storage::Entry> entries,
                                                                 const Keys& keys, Missing missing) {
    for (storage::Entry& entry : entries) {
        auto opened = open_entry(std::move(entry.bytes), keys, missing);
        if (!opened)
            return std::unexpected(storage::ReadError{
                fmt::format("the entry at {} cannot be read: {}", entry.position, opened.error())});
        entry.bytes = std::move(*opened);
    }
    return entries;
}

Result<std::vector<storage::Entry>, storage::ReadError> OpeningReader::read(Position from,
                                                                            std::size_t count_max) const {
    auto entries = stored_.read(from, count_max);
    if (!entries)
        return entries;
    return open_all(std::move(*entries), keys_, missing_);
}

} // namespace mosty::sealing
