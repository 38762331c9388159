#include "server/tools/csv.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>
#include <zlib.h>

namespace mosty::tools {

namespace {

constexpr std::size_t buffer_bytes = 64 * 1024;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

struct CloseGzip {
    void operator()(gzFile file) const { gzclose(file); }
};

// What zlib has to say of its last read, when that is a failure.
std::optional<std::string> failure_of(gzFile file) {
    int code = Z_OK;
    const char* sentence = gzerror(file, &code);
    if (code == Z_OK || code == Z_STREAM_END)
        return std::nullopt;
    if (code == Z_BUF_ERROR)
        return "the gzip file breaks off";
    if (code == Z_ERRNO)
        return std::string("the file cannot be read: ") + std::strerror(errno);
    return std::string("the gzip file is damaged: ") + sentence;
}

} // namespace

ByteSource bytes_of(std::string text) {
    return [text = std::move(text), at = std::size_t{0}](std::span<char> buffer) mutable {
        const std::size_t count = std::min(buffer.size(), text.size() - at);
        std::copy_n(text.data() + at, count, buffer.data());
        at += count;
        return Result<std::size_t, std::string>(count);
    };
}

Result<ByteSource, std::string> open_bytes(const std::filesystem::path& path) {
    errno = 0;
    gzFile opened = gzopen(path.c_str(), "rb");
    if (opened == nullptr)
        return std::unexpected("the file cannot be opened: " +
                               std::string(errno != 0 ? std::strerror(errno) : "out of memory"));
    std::shared_ptr<gzFile_s> file(opened, CloseGzip{});
    return [file = std::move(file)](std::span<char> buffer) -> Result<std::size_t, std::string> {
        const int count = gzread(file.get(), buffer.data(), static_cast<unsigned>(buffer.size()));
        const bool short_read = count < 0 || static_cast<std::size_t>(count) < buffer.size();
        if (short_read)
            if (auto failure = failure_of(file.get()))
                return std::unexpected(std::move(*failure));
        return static_cast<std::size_t>(std::max(count, 0));
    };
}

CsvReader::CsvReader(ByteSource source) : source_(std::move(source)), buffer_(buffer_bytes) {}

Result<std::optional<CsvRow>, CsvError> CsvReader::next() {
    if (!started_) {
        started_ = true;
        skip_byte_order_mark();
    }
    while (skip_line_end()) {
    }

    CsvRow row{.line = line_, .fields = {}};
    row_bytes_ = 0;
    if (peek()) {
        const auto fault = read_row(row);
        if (failure_)
            return std::unexpected(CsvError{row.line, *failure_, true});
        if (fault) {
            skip_line();
            return std::unexpected(CsvError{row.line, *fault, false});
        }
        return row;
    }
    if (failure_)
        return std::unexpected(CsvError{row.line, *failure_, true});
    return std::nullopt;
}

// Reads a row with its line end; on a fault the rest of the line is still there.
std::optional<std::string> CsvReader::read_row(CsvRow& row) {
    for (;;) {
        if (auto fault = read_field(row.fields.emplace_back()))
            return fault;
        if (!peek() || skip_line_end())
            return std::nullopt;
        take(); // the comma
    }
}

// Reads a field up to the comma, the line end or the end.
std::optional<std::string> CsvReader::read_field(std::string& field) {
    if (peek() == '"')
        return read_quoted(field);
    while (const auto next = peek()) {
        if (*next == ',' || *next == '\n')
            break;
        if (*next == '"')
            return "a quote stands inside a field that does not begin with one";
        field.push_back(*take());
        if (row_bytes_ > row_bytes_max)
            return "the row is too long";
    }
    // The CR of a CRLF was taken as if it were text.
    if ((peek() == '\n' || !peek()) && field.ends_with('\r'))
        field.pop_back();
    return std::nullopt;
}

std::optional<std::string> CsvReader::read_quoted(std::string& field) {
    take();
    for (;;) {
        const auto next = take();
        if (!next)
            return "a quote is not closed";
        if (row_bytes_ > row_bytes_max)
            return "the row is too long: perhaps a quote is not closed";
        if (*next != '"') {
            field.push_back(*next);
            continue;
        }
        if (peek() != '"')
            break;
        field.push_back(*take());
    }
    if (peek() == '\r') {
        take();
        if (peek() && peek() != '\n')
            return "text stands behind a closing quote";
    }
    const auto next = peek();
    if (next && *next != ',' && *next != '\n')
        return "text stands behind a closing quote";
    return std::nullopt;
}

void CsvReader::skip_line() {
    if (fresh_line_)
        return; // the fault lay at the very end of a line that has been taken
    while (const auto next = take())
        if (*next == '\n')
            return;
}

// Takes a line end when one comes next, LF or CRLF.
bool CsvReader::skip_line_end() {
    if (peek() == '\r') {
        // Only a CRLF is a line end; read one byte ahead of the buffer when need be.
        if (at_ + 1 == end_)
            fill();
        if (at_ + 1 >= end_ || buffer_[at_ + 1] != '\n')
            return false;
        take();
    }
    if (peek() != '\n')
        return false;
    take();
    return true;
}

void CsvReader::skip_byte_order_mark() {
    while (end_ - at_ < byte_order_mark.size() && !ended_)
        fill();
    if (std::string_view(buffer_.data() + at_, end_ - at_).starts_with(byte_order_mark))
        at_ += byte_order_mark.size();
}

std::optional<char> CsvReader::peek() {
    if (at_ == end_)
        fill();
    if (at_ == end_)
        return std::nullopt;
    return buffer_[at_];
}

std::optional<char> CsvReader::take() {
    const auto next = peek();
    if (!next)
        return std::nullopt;
    ++at_;
    ++row_bytes_;
    fresh_line_ = *next == '\n';
    if (fresh_line_)
        ++line_;
    return next;
}

// Moves what is left to the front of the buffer and reads behind it.
void CsvReader::fill() {
    if (ended_)
        return;
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(at_),
              buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
    end_ -= at_;
    at_ = 0;
    const auto count = source_(std::span(buffer_).subspan(end_));
    if (!count) {
        failure_ = count.error();
        ended_ = true;
        return;
    }
    end_ += *count;
    if (*count == 0)
        ended_ = true;
}

} // namespace mosty::tools
