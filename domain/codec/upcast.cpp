#include "domain/codec/upcast.hpp"

#include "domain/base/invariant.hpp"
#include "domain/codec/json_writer.hpp"

#include <algorithm>

namespace mosty::codec {

DataMembers::DataMembers(simdjson::dom::object data) {
    for (const auto [name, value] : data)
        members_.emplace_back(name, simdjson::minify(value));
}

bool DataMembers::contains(std::string_view name) const {
    return std::ranges::any_of(members_, [name](const auto& member) { return member.first == name; });
}

void DataMembers::add(std::string_view name, std::string json) {
    if (!contains(name))
        members_.emplace_back(name, std::move(json));
}

void DataMembers::rename(std::string_view from, std::string_view to) {
    if (contains(to))
        return;
    for (auto& [name, value] : members_)
        if (name == from)
            name = to;
}

void DataMembers::remove(std::string_view name) {
    std::erase_if(members_, [name](const auto& member) { return member.first == name; });
}

std::string DataMembers::json() const {
    std::string out = "{";
    for (const auto& [name, value] : members_) {
        if (out.size() > 1)
            out += ',';
        append_string(out, name);
        out += ':';
        out += value;
    }
    out += '}';
    return out;
}

std::string upcast(std::span<const Upcaster> table, std::string_view type, int from, int to,
                   simdjson::dom::object data) {
    DataMembers members(data);
    for (int version = from; version < to; ++version) {
        const auto step = std::ranges::find_if(table, [&](const Upcaster& upcaster) {
            return upcaster.type == type && upcaster.from == version;
        });
        MOSTY_INVARIANT(step != table.end(), "every older version can be brought to the next");
        step->apply(members);
    }
    return members.json();
}

} // namespace mosty::codec
