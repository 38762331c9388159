#include "domain/rights/table.hpp"

#include "domain/rights/roles.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace mosty::rights {
namespace {

using enum Role;

constexpr Roles towns{officer, mayor};
constexpr Roles programme{secretariat, service}; // a service may do what the secretariat may
constexpr Roles observers{expert, auditor, association, funder};
constexpr Roles everybody = towns | programme | observers;
constexpr Roles overseers = programme | Roles{auditor};

// Who may, by how they stand to the matter; `any`: however they stand to it.
template <class What>
struct Row {
    What what;
    Roles any = {};
    Roles none = {};
    Roles own = {};
    Roles other = {};
    Roles partner = {};
    Roles colleague = {};
    Roles charge = {};
    Roles self = {};
};

template <class What>
constexpr Roles roles_in(const Row<What>& row, Relation relation) {
    switch (relation) {
    case Relation::none:
        return row.any | row.none;
    case Relation::own:
        return row.any | row.own;
    case Relation::other:
        return row.any | row.other;
    case Relation::partner:
        return row.any | row.partner;
    case Relation::colleague:
        return row.any | row.colleague;
    case Relation::charge:
        return row.any | row.charge;
    case Relation::self:
        return row.any | row.self;
    }
    return {};
}

using enum Deed;

constexpr std::array<Row<Deed>, deed_count> deeds{{
    {.what = register_municipality, .any = programme},
    {.what = correct_municipality, .any = programme},
    {.what = register_person, .any = programme},
    {.what = correct_person, .any = programme, .self = everybody},
    {.what = correct_person_place, .any = programme},
    // Nobody changes their own role.
    {.what = change_role, .none = programme, .charge = programme},
    {.what = appoint_deputy, .any = programme, .self = everybody},
    {.what = end_deputy, .any = programme, .self = everybody},
    {.what = leave, .none = programme, .charge = towns | programme, .self = everybody},
    {.what = hand_over, .none = programme, .charge = towns | programme, .self = everybody},
    {.what = invite_person, .none = programme, .charge = towns | programme},
    {.what = invite_again, .none = programme, .colleague = programme, .charge = towns | programme},
    {.what = withdraw_invitation, .none = programme, .charge = towns | programme},
    {.what = Deed::join, .self = everybody},
    {.what = set_password, .self = everybody},
    {.what = set_second_factor, .self = everybody},
    {.what = remove_second_factor, .self = everybody},
    {.what = sign_out_everywhere, .self = everybody},
    {.what = make_token, .self = everybody},
    {.what = revoke_token, .self = everybody},
    {.what = link_provider, .self = everybody},
    {.what = unlink_provider, .self = everybody},
    {.what = erase_person, .any = programme},

    {.what = propose_partnership, .any = programme, .own = towns},
    {.what = accept_partnership, .any = programme, .own = towns},
    {.what = decline_partnership, .own = towns},
    {.what = withdraw_partnership, .own = towns | programme},
    {.what = end_partnership, .any = programme, .own = towns},
    {.what = correct_partnership, .any = programme, .own = towns},

    {.what = plan_visit, .any = programme, .own = towns},
    {.what = confirm_visit, .any = programme, .own = towns},
    {.what = postpone_visit, .any = programme, .own = towns},
    {.what = cancel_visit, .any = programme, .own = towns},
    {.what = hold_visit, .any = programme, .own = towns},
    {.what = report_visit, .any = programme, .own = towns},
    {.what = correct_visit, .any = programme, .own = towns},

    {.what = draft_proposal, .any = programme, .own = towns},
    {.what = edit_proposal, .any = programme, .own = towns, .partner = towns},
    {.what = add_partner, .own = towns},
    {.what = remove_partner, .own = towns},
    {.what = set_budget_line, .any = programme, .own = towns, .partner = towns},
    {.what = remove_budget_line, .any = programme, .own = towns, .partner = towns},
    {.what = set_funding_source, .any = programme, .own = towns, .partner = towns},
    {.what = remove_funding_source, .any = programme, .own = towns, .partner = towns},
    {.what = set_indicator, .any = programme, .own = towns, .partner = towns},
    {.what = remove_indicator, .any = programme, .own = towns, .partner = towns},
    {.what = ask_approval, .any = programme, .own = towns},
    {.what = approve_proposal, .any = {service}, .own = {mayor}},
    {.what = return_proposal, .own = {mayor}},
    {.what = withdraw_approval, .any = programme, .own = towns},
    {.what = submit_proposal, .any = programme, .own = towns},
    {.what = record_answer, .any = programme, .own = towns},
    {.what = correct_proposal, .any = programme, .own = towns},

    {.what = edit_text, .any = programme, .own = towns, .partner = towns},
    {.what = comment_text, .any = programme | Roles{expert}, .own = towns, .partner = towns},
    {.what = advise_in_text, .any = {expert}},
    {.what = reply_in_text, .any = programme | Roles{expert}, .own = towns, .partner = towns},
    {.what = resolve_thread, .any = programme | Roles{expert}, .own = towns, .partner = towns},
    {.what = reopen_thread, .any = programme | Roles{expert}, .own = towns, .partner = towns},
    {.what = answer_advice, .own = towns, .partner = towns},
    {.what = suggest_in_text, .any = programme | Roles{expert}, .own = towns, .partner = towns},
    {.what = accept_suggestion, .any = programme, .own = towns, .partner = towns},
    {.what = decline_suggestion,
     .any = programme,
     .own = towns,
     .partner = towns,
     .self = towns | Roles{expert}},
    {.what = name_text_version, .any = programme, .own = towns, .partner = towns},
    {.what = restore_text, .any = programme, .own = towns, .partner = towns},
    {.what = erase_text, .any = programme},
    {.what = redact_text, .any = programme},

    // Of the town that recorded the place: nobody else decides about it, the programme neither.
    {.what = record_site, .own = towns},
    {.what = describe_site, .own = towns},
    {.what = share_site, .own = towns},
    {.what = withdraw_site, .own = towns},
    {.what = remove_site, .own = towns},
    {.what = erase_site, .own = towns},
}};

constexpr std::array<Row<Reading>, reading_count> readings{{
    {.what = Reading::directory, .any = everybody},
    {.what = Reading::towns, .any = everybody},
    {.what = Reading::programme, .any = everybody},
    {.what = Reading::municipalities, .any = everybody},
    {.what = Reading::partnership, .any = everybody},
    {.what = Reading::visit, .any = programme | observers, .own = towns},
    {.what = Reading::proposal, .any = programme | observers, .own = towns, .partner = towns},
    {.what = Reading::text, .any = programme | observers, .own = towns, .partner = towns},
    {.what = Reading::sites, .any = programme | observers, .own = towns, .partner = towns},
    {.what = Reading::sites_of_town, .own = towns},
    {.what = Reading::sites_of_partners, .own = towns},
    {.what = Reading::partnerships, .any = programme | observers, .own = towns},
    {.what = Reading::visits, .any = programme | observers, .own = towns},
    {.what = Reading::proposals, .any = programme | observers, .own = towns},
    {.what = Reading::feed, .any = programme | observers, .own = towns},
    {.what = Reading::all_partnerships, .any = programme | observers},
    {.what = Reading::all_visits, .any = programme | observers},
    {.what = Reading::all_proposals, .any = programme | observers},
    {.what = Reading::all_feed, .any = programme | observers},
    {.what = Reading::person, .any = overseers, .self = everybody},
    {.what = Reading::personal_data, .self = everybody},
    {.what = Reading::all_events, .any = overseers},
}};

template <class What, std::size_t count>
constexpr bool has_each_once_in_order(const std::array<Row<What>, count>& rows) {
    for (std::size_t i = 0; i < count; ++i)
        if (rows[i].what != static_cast<What>(i))
            return false;
    return true;
}

static_assert(has_each_once_in_order(deeds), "every deed has its row, where it stands in the enumeration");
static_assert(has_each_once_in_order(readings), "every reading has its row, in order");

// "officer, mayor", or "everybody".
std::string told(Roles roles) {
    if (roles == everybody)
        return "everybody";
    std::string text;
    for (std::size_t i = 0; i < role_count; ++i) {
        if (!roles.contains(static_cast<Role>(i)))
            continue;
        if (!text.empty())
            text += ", ";
        text += to_string(static_cast<Role>(i));
    }
    return text.empty() ? "–" : text;
}

// Rows that say the same are one line, and columns in which nobody stands are left out.
template <class What, std::size_t count>
std::string in_markdown(std::string_view head, const std::array<Row<What>, count>& rows) {
    struct Column {
        std::string_view head;
        Roles Row<What>::* roles;
    };
    std::vector<Column> columns{{"whoever", &Row<What>::any},     {"none", &Row<What>::none},
                                {"own", &Row<What>::own},         {"other", &Row<What>::other},
                                {"partner", &Row<What>::partner}, {"colleague", &Row<What>::colleague},
                                {"charge", &Row<What>::charge},   {"self", &Row<What>::self}};
    std::erase_if(columns, [&](const Column& column) {
        return std::ranges::all_of(rows, [&](const Row<What>& row) { return (row.*column.roles).empty(); });
    });
    std::string text = "| ";
    text += head;
    for (const Column& column : columns)
        (text += " | ") += column.head;
    text += " |\n|---";
    for (std::size_t i = 0; i < columns.size(); ++i)
        text += "|---";
    text += "|\n";

    std::vector<bool> shown(count);
    for (std::size_t i = 0; i < count; ++i) {
        if (shown[i])
            continue;
        std::string names;
        for (std::size_t same = i; same < count; ++same) {
            const bool says_the_same = std::ranges::all_of(columns, [&](const Column& column) {
                return rows[i].*column.roles == rows[same].*column.roles;
            });
            if (!says_the_same)
                continue;
            shown[same] = true;
            names += names.empty() ? "`" : ", `";
            (names += to_string(rows[same].what)) += '`';
        }
        text += "| " + names;
        for (const Column& column : columns)
            (text += " | ") += told(rows[i].*column.roles);
        text += " |\n";
    }
    return text;
}

} // namespace

bool may(Role role, Deed deed, Relation relation) {
    return roles_in(deeds[static_cast<std::size_t>(deed)], relation).contains(role);
}

bool may_read(Role role, Reading reading, Relation relation) {
    return roles_in(readings[static_cast<std::size_t>(reading)], relation).contains(role);
}

std::string deeds_in_markdown() {
    return in_markdown("deed", deeds);
}

std::string readings_in_markdown() {
    return in_markdown("what is read", readings);
}

} // namespace mosty::rights
