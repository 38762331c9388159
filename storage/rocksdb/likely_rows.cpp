#include "storage/rocksdb/likely_rows.hpp"

#include "storage/event_log.hpp"
#include "storage/rocksdb/entry_table.hpp"
#include "storage/rocksdb/tree_table.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace mosty::storage {

namespace {

// RocksDB 7.8's form of a put in a batch (db/write_batch.cc there): its type, and row and value, each after
// its length as a varint.
constexpr char put_type = 1;

struct Put {
    std::string_view row, value;
    std::size_t value_begin = 0, end = 0;
};

std::optional<std::uint32_t> read_varint(std::string_view bytes, std::size_t& offset) {
    std::uint32_t value = 0;
    for (unsigned shift = 0; shift <= 28 && offset < bytes.size(); shift += 7) {
        const auto byte = static_cast<unsigned char>(bytes[offset++]);
        value |= std::uint32_t{byte & 0x7fu} << shift;
        if (byte < 0x80)
            return value;
    }
    return std::nullopt;
}

std::optional<std::string_view> read_string(std::string_view bytes, std::size_t& offset) {
    const auto length = read_varint(bytes, offset);
    if (!length || *length > bytes.size() - offset)
        return std::nullopt;
    const std::string_view string = bytes.substr(offset, *length);
    offset += *length;
    return string;
}

bool is_entry(std::string_view row, std::string_view value) {
    return position_of_entry_row(row) && !value.empty() && value.size() <= entry_bytes_max;
}

bool is_index_key(std::string_view row, std::string_view value) {
    return row.size() > 1 && row.front() == index_row("").front() && value.size() == position_value(0).size();
}

std::optional<Put> put_at(std::string_view record, std::size_t offset) {
    if (offset >= record.size() || record[offset] != put_type)
        return std::nullopt;
    ++offset;
    const auto row = read_string(record, offset);
    if (!row)
        return std::nullopt;
    const auto value = read_string(record, offset);
    if (!value || !(is_entry(*row, *value) || tree_row_of(*row, *value) || is_index_key(*row, *value)))
        return std::nullopt;
    return Put{*row, *value, offset - value->size(), offset};
}

} // namespace

void for_each_likely_row(std::string_view record,
                         const std::function<void(std::string_view row, std::string_view value)>& see) {
    for (std::size_t offset = 0; offset < record.size();) {
        const auto put = put_at(record, offset);
        if (!put) {
            ++offset;
            continue;
        }
        if (!is_index_key(put->row, put->value))
            see(put->row, put->value);
        // Where a length was hit the next row begins elsewhere, perhaps within what was taken for the value.
        const bool goes_on = put->end == record.size() || put_at(record, put->end);
        offset = goes_on ? put->end : put->value_begin;
    }
}

} // namespace mosty::storage
