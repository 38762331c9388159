#pragma once

#include <simdjson.h>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Bringing the data of an old entry to the newest version of its type: on reading, in memory. The entry's
// bytes stay what they are.
namespace mosty::codec {

// An event's data on its way from one version to the next: its members in their order, each value as JSON.
class DataMembers {
public:
    explicit DataMembers(simdjson::dom::object data);

    bool contains(std::string_view name) const;

    // Appends a member, or does nothing when there is one of that name.
    void add(std::string_view name, std::string json);

    // Renames a member in its place, or does nothing when there is none, or one of the new name already.
    void rename(std::string_view from, std::string_view to);

    void remove(std::string_view name);

    // The members as one JSON object.
    std::string json() const;

private:
    std::vector<std::pair<std::string, std::string>> members_;
};

// One step: from version `from` of a type to the version after it. A pure function that takes any data, also
// some that was never written: what is wrong with it is said when the newest version is read.
struct Upcaster {
    std::string_view type;
    int from = 1;
    void (*apply)(DataMembers& data) = nullptr;
};

// Every step there is: for each type one from every version before its newest.
std::span<const Upcaster> upcasters();

// The data of a type, stored in version `from`, as it would be in version `to`. Every step between must be in
// the table.
std::string upcast(std::span<const Upcaster> table, std::string_view type, int from, int to,
                   simdjson::dom::object data);

} // namespace mosty::codec
