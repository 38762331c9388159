#include "domain/codec/content.hpp"

#include "domain/codec/fields.hpp"
#include "domain/codec/write_object.hpp"

namespace mosty::codec {

namespace {

template <class Table>
void write_table(std::string& out, std::string_view member, const Table& table) {
    out += ",\"";
    out += member;
    out += "\":[";
    bool first = true;
    for (const auto& [id, part] : table) {
        if (!first)
            out += ',';
        write_object(out, part);
        first = false;
    }
    out += ']';
}

} // namespace

std::string canonical_content(const proposal::Content& content) {
    std::string out;
    out += "{\"title\":";
    append_string(out, content.title);
    if (content.summary) {
        out += ",\"summary\":";
        append_string(out, *content.summary);
    }
    out += ",\"sectors\":";
    write_value(out, content.sectors);
    out += ",\"partners\":";
    write_value(out, content.partners);
    write_table(out, "budget", content.budget);
    write_table(out, "sources", content.sources);
    write_table(out, "indicators", content.indicators);
    out += '}';
    return out;
}

} // namespace mosty::codec
