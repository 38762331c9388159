#pragma once

#include "domain/base/actor.hpp"
#include "domain/base/names.hpp"
#include "domain/base/side.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mosty::sites {

using SiteId = Id<struct SiteTag>;

// Who sees what a site is and where: officers and mayors of the town that recorded it, or of both towns.
enum class Audience { town, partners };

inline constexpr std::size_t audience_count = 2;

enum class Kind {
    waterworks,
    pumping_station,
    wastewater_plant,
    heat_source,
    substation,
    hospital,
    shelter,
    bridge,
    other
};

enum class Condition { working, worn, damaged, destroyed };

struct Asset {
    std::string name;
    std::optional<std::int64_t> count;
    Condition condition = Condition::working;
    friend bool operator==(const Asset&, const Asset&) = default;
};

// What nobody outside the audience may learn.
struct Description {
    std::string name;
    Kind kind = Kind::other;
    std::optional<std::string> address;
    std::optional<std::int64_t> lat_e5; // degrees × 100,000; both or neither
    std::optional<std::int64_t> lon_e5;
    std::optional<std::int64_t> serves; // people
    std::vector<Asset> assets;
    std::optional<std::string> note;
    friend bool operator==(const Description&, const Description&) = default;
};

// Stored for ever: a new meaning is a new type or a new schema version. All but Described stand in the clear,
// so nothing that somebody wrote freely may be in them.
struct Recorded {
    static constexpr auto type = "site.recorded"sv;
    SiteId site;
    Side side = Side::ua; // whose town recorded it, and decides about it
    Audience audience = Audience::town;
    friend bool operator==(const Recorded&, const Recorded&) = default;
};

// Sealed, under a key of this site and this audience.
struct Described {
    static constexpr auto type = "site.described"sv;
    SiteId site;
    Audience audience = Audience::town;
    Description description;
    friend bool operator==(const Described&, const Described&) = default;
};

// From now on both towns see it.
struct Shared {
    static constexpr auto type = "site.shared"sv;
    SiteId site;
    friend bool operator==(const Shared&, const Shared&) = default;
};

// From now on the recording town alone sees it.
struct Withdrawn {
    static constexpr auto type = "site.withdrawn"sv;
    SiteId site;
    friend bool operator==(const Withdrawn&, const Withdrawn&) = default;
};

struct Removed {
    static constexpr auto type = "site.removed"sv;
    SiteId site;
    friend bool operator==(const Removed&, const Removed&) = default;
};

// All that was said of it is forgotten, for ever. Without a site: a description whose key is destroyed, read.
struct Erased {
    static constexpr auto type = "site.erased"sv;
    SiteId site;
    friend bool operator==(const Erased&, const Erased&) = default;
};

using Event = std::variant<Recorded, Described, Shared, Withdrawn, Removed, Erased>;
using Events = std::vector<Event>;

} // namespace mosty::sites

template <>
struct mosty::WordsOf<mosty::sites::Audience> {
    static constexpr std::array words{std::string_view{"town"}, std::string_view{"partners"}};
    static_assert(words.size() == mosty::sites::audience_count);
};

template <>
struct mosty::WordsOf<mosty::sites::Kind> {
    static constexpr std::array words{std::string_view{"waterworks"},
                                      std::string_view{"pumping_station"},
                                      std::string_view{"wastewater_plant"},
                                      std::string_view{"heat_source"},
                                      std::string_view{"substation"},
                                      std::string_view{"hospital"},
                                      std::string_view{"shelter"},
                                      std::string_view{"bridge"},
                                      std::string_view{"other"}};
};

template <>
struct mosty::WordsOf<mosty::sites::Condition> {
    static constexpr std::array words{std::string_view{"working"}, std::string_view{"worn"},
                                      std::string_view{"damaged"}, std::string_view{"destroyed"}};
};
