#include "domain/codec/content.hpp"

#include "domain/codec/delta.hpp"
#include "domain/codec/fields.hpp"
#include "domain/codec/write_object.hpp"
#include "domain/text/state.hpp"

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

void write_texts(std::string& out, const SectionTexts& texts) {
    std::string_view separator = ",\"texts\":{";
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (!texts[i])
            continue;
        out += separator;
        append_string(out, to_string(static_cast<text::Section>(i)));
        out += ':';
        write_value(out, texts[i]->content.document());
        separator = ",";
    }
    if (separator == ",")
        out += '}';
}

} // namespace

std::string canonical_content(const proposal::Content& content, const SectionTexts& texts) {
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
    write_texts(out, texts);
    out += '}';
    return out;
}

} // namespace mosty::codec
