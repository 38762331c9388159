#pragma once

#include "domain/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mosty::tools {

// Fills the buffer with the next bytes and answers how many came: 0 at the end. The error is a sentence,
// and nothing is read after it.
using ByteSource = std::function<Result<std::size_t, std::string>(std::span<char>)>;

// The bytes of a text in memory.
ByteSource bytes_of(std::string text);

// The bytes of a file, unpacked when it is gzip. A gzip file that breaks off is an error, not an end.
Result<ByteSource, std::string> open_bytes(const std::filesystem::path& path);

struct CsvRow {
    std::uint64_t line = 0; // of the row's first character, counted from 1
    std::vector<std::string> fields;
};

struct CsvError {
    std::uint64_t line = 0;
    std::string reason;
    bool ends_reading = false; // the source failed; otherwise next() goes on with the following line
};

// Reads comma-separated values as RFC 4180 has them, one row at a time and in constant memory.
//
// Fields may be quoted and then hold commas, doubled quotes and line ends. Rows end with LF or CRLF; the
// last needs no end. A byte order mark is skipped, and so are empty lines. Bytes are passed on as they are.
// A row of more than `row_bytes_max` is refused: a quote that never closes cannot eat the file unnoticed.
class CsvReader {
public:
    static constexpr std::size_t row_bytes_max = 64 * 1024;

    explicit CsvReader(ByteSource source);

    // The next row; nothing at the end.
    Result<std::optional<CsvRow>, CsvError> next();

private:
    // The character that take() would give; nothing at the end or after the source failed.
    std::optional<char> peek();
    std::optional<char> take();
    void fill();
    void skip_byte_order_mark();
    bool skip_line_end();

    std::optional<std::string> read_row(CsvRow& row);
    std::optional<std::string> read_field(std::string& field);
    std::optional<std::string> read_quoted(std::string& field);
    void skip_line();

    ByteSource source_;
    std::vector<char> buffer_;
    std::size_t at_ = 0;
    std::size_t end_ = 0;
    std::uint64_t line_ = 1;
    std::size_t row_bytes_ = 0;
    bool started_ = false;
    bool ended_ = false;
    bool fresh_line_ = true; // nothing of the current line has been taken
    std::optional<std::string> failure_;
};

} // namespace mosty::tools
