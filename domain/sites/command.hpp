#pragma once

#include "domain/sites/event.hpp"

namespace mosty::sites {

// A command's hash stands in the log as its events do: one whose event is in the clear must hold no secret.
struct Record {
    static constexpr auto name = "record_site"sv;
    SiteId site;
    Audience audience = Audience::town;
};

struct Describe {
    static constexpr auto name = "describe_site"sv;
    SiteId site;
    Audience audience = Audience::town; // for whom it is written: another one than it has is refused
    Description description;
};

struct Share {
    static constexpr auto name = "share_site"sv;
    SiteId site;
};

struct Withdraw {
    static constexpr auto name = "withdraw_site"sv;
    SiteId site;
};

struct Remove {
    static constexpr auto name = "remove_site"sv;
    SiteId site;
};

struct Erase {
    static constexpr auto name = "erase_site"sv;
    SiteId site;
};

using Command = std::variant<Record, Describe, Share, Withdraw, Remove, Erase>;

} // namespace mosty::sites
