#include "server/projections/document.hpp"

#include "server/projections/json_text.hpp"
#include "server/projections/keys.hpp"
#include "server/projections/record.hpp"
#include "server/projections/view_change.hpp"

namespace mosty::projections {
namespace json = boost::json;
namespace {

constexpr std::size_t records_at_once = 32; // most copies are not much older

std::string eight_bytes(Size size) {
    return keys::at_size({}, size);
}

} // namespace

Result<Document, storage::ReadError> read_document(const storage::ViewStore::Snapshot& snapshot,
                                                   std::string_view topic, Size at) {
    Document document;
    const auto copies = snapshot.scan(keys::copies(topic), eight_bytes(at), 1, storage::Order::descending);
    if (!copies)
        return std::unexpected(copies.error());
    if (!copies->empty()) {
        document.value = json::parse(copies->front().value).as_object();
        document.size = keys::size_at_end(copies->front().key);
        document.copy_bytes = copies->front().value.size();
    }

    while (document.patches < patches_per_copy) {
        const auto records =
            snapshot.scan(keys::records(topic), eight_bytes(document.size + 1), records_at_once);
        if (!records)
            return std::unexpected(records.error());
        for (const auto& [key, record] : *records) {
            const Size size = keys::size_at_end(key);
            if (size > at)
                return document;
            const std::string_view patch = patch_in(record);
            apply_patch(document.value, json::parse(patch).as_object());
            document.size = size;
            ++document.patches;
            document.patch_bytes += patch.size();
        }
        if (records->size() < records_at_once)
            break;
    }
    return document;
}

std::string shown(const Document& document) {
    std::string text;
    append_object(text, document.value);
    return text;
}

} // namespace mosty::projections
