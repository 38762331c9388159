#include "domain/codec/fields_version.hpp"
#include "domain/codec/json_writer.hpp"

namespace mosty::codec {

Fault read_value(Place place, Element element, const TextRevisionsRule&, proposal::TextRevisions& out) {
    simdjson::dom::object object;
    if (element.get(object) != simdjson::SUCCESS)
        return wrong_form(place, "an object of sections and revisions");
    out.clear();
    for (const auto& [key, value] : object) {
        const auto section = from_word<text::Section>(key);
        std::int64_t revision = 0;
        if (!section || value.get(revision) != simdjson::SUCCESS || revision < 1 ||
            !out.emplace(*section, revision).second)
            return wrong_form(place, "an object of sections and revisions");
    }
    return std::nullopt;
}

void write_value(std::string& out, const proposal::TextRevisions& revisions) {
    out += '{';
    for (const auto& [section, revision] : revisions) {
        if (out.back() != '{')
            out += ',';
        append_string(out, to_string(section));
        out += ':';
        append_integer(out, revision);
    }
    out += '}';
}

} // namespace mosty::codec
