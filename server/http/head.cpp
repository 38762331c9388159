#include "server/http/head.hpp"

#include <algorithm>
#include <array>
#include <bitset>

namespace mosty::http {
namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::string_view head_end = "\r\n\r\n";
constexpr std::size_t length_digits_max = 18;

// RFC 9110: what a method and the name of a field are made of.
bool is_token(std::string_view text) {
    static constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               marks.find(c) != std::string_view::npos;
    });
}

bool is_digits(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    const auto low = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::ranges::equal(a, b, {}, low, low);
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t";
    const auto first = text.find_first_not_of(blank);
    return first == std::string_view::npos ? std::string_view{}
                                           : text.substr(first, text.find_last_not_of(blank) - first + 1);
}

// Method, target and version with one blank between.
bool is_request_line(std::string_view line, bool& is_1_1) {
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string_view::npos || first == last)
        return false;
    const auto target = line.substr(first + 1, last - first - 1);
    const auto version = line.substr(last + 1);
    is_1_1 = version == "HTTP/1.1";
    return is_token(line.substr(0, first)) && !target.empty() && (is_1_1 || version == "HTTP/1.0") &&
           std::ranges::all_of(target, [](char c) { return c > ' ' && c < '\x7f'; });
}

// What a request says once: who asks, from which page, on whose behalf. Of two values a proxy before us could
// have judged the other one. X-Forwarded-For is a list, also over several lines.
struct Single {
    std::string_view name;
    std::string_view fault;
};
constexpr std::array singles{
    Single{"Origin", "The header Origin stands twice."},
    Single{"Sec-Fetch-Site", "The header Sec-Fetch-Site stands twice."},
    Single{"Authorization", "The header Authorization stands twice."},
    Single{"Cookie", "The header Cookie stands twice."},
    Single{"X-Forwarded-Proto", "The header X-Forwarded-Proto stands twice."},
    Single{"Last-Event-ID", "The header Last-Event-ID stands twice."},
    Single{"Sec-WebSocket-Key", "The header Sec-WebSocket-Key stands twice."},
    Single{"Sec-WebSocket-Version", "The header Sec-WebSocket-Version stands twice."},
};

// A name or address and maybe a port, and nothing else that an address could have.
bool is_host(std::string_view value) {
    return !value.empty() && std::ranges::all_of(value, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
               c == '-' || c == '_' || c == ':' || c == '[' || c == ']';
    });
}

} // namespace

std::size_t head_length(std::string_view bytes, std::size_t seen) {
    // The end may have begun in what was seen before.
    const std::size_t from = seen < head_end.size() ? 0 : seen - head_end.size() + 1;
    const auto end = bytes.find(head_end, from);
    return end == std::string_view::npos ? 0 : end + head_end.size();
}

bool may_become_head(std::string_view bytes, std::size_t seen) {
    for (std::size_t i = seen; i < bytes.size(); ++i) {
        const char c = bytes[i];
        if (c == '\n' && (i == 0 || bytes[i - 1] != '\r'))
            return false;
        if (is_control(c) && c != '\r' && c != '\n' && c != '\t')
            return false;
    }
    return true;
}

std::optional<std::string_view> fault_in_head(std::string_view head) {
    if (!head.ends_with(head_end))
        return "The head of the request has no end.";
    head.remove_suffix(line_end.size());
    const auto take_line = [&head] {
        const auto end = head.find(line_end);
        const auto line = head.substr(0, end);
        head.remove_prefix(end + line_end.size());
        return line;
    };

    bool is_1_1 = false;
    if (!is_request_line(take_line(), is_1_1))
        return "The first line is not that of an HTTP/1.1 request.";
    std::size_t hosts = 0, lengths = 0, encodings = 0;
    std::bitset<singles.size()> seen;
    while (!head.empty()) {
        const auto line = take_line();
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
            return "A header has no name, or stands on more than one line.";
        const auto name = line.substr(0, colon);
        const auto value = trimmed(line.substr(colon + 1));
        if (std::ranges::any_of(value, [](char c) { return is_control(c) && c != '\t'; }))
            return "A header holds control characters.";
        if (equal_ignoring_case(name, "Host")) {
            if (++hosts > 1 || !is_host(value))
                return "The header Host must name one host.";
        } else if (equal_ignoring_case(name, "Content-Length")) {
            if (++lengths > 1 || !is_digits(value) || value.size() > length_digits_max)
                return "The header Content-Length must say one length.";
        } else if (equal_ignoring_case(name, "Transfer-Encoding")) {
            if (++encodings > 1 || !equal_ignoring_case(value, "chunked") || !is_1_1)
                return "The only Transfer-Encoding that is understood is chunked.";
        } else if (const auto single = std::ranges::find_if(
                       singles, [&](const Single& one) { return equal_ignoring_case(name, one.name); });
                   single != singles.end()) {
            const auto index = static_cast<std::size_t>(single - singles.begin());
            if (seen.test(index))
                return single->fault;
            seen.set(index);
        }
    }
    if (lengths > 0 && encodings > 0)
        return "A request has either Content-Length or Transfer-Encoding.";
    if (hosts == 0 && is_1_1)
        return "The header Host is missing.";
    return std::nullopt;
}

} // namespace mosty::http
