#include "server/config/openid_settings.hpp"

#include "domain/base/text.hpp"
#include "server/openid/endpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace mosty::config {
namespace {

constexpr std::size_t providers_max = 16;
constexpr std::size_t organisations_max = 1'000;
constexpr std::size_t id_length_max = 32;
constexpr std::size_t name_length_max = 60; // letters
constexpr std::size_t issuer_length_max = 512;
constexpr std::size_t client_id_length_max = 256;

bool is_short_name(std::string_view text) {
    return !text.empty() && text.size() <= id_length_max && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

bool is_visible_ascii(std::string_view text, std::size_t length_max) {
    return !text.empty() && text.size() <= length_max &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

// name = "Kyiv" or name = { uk = "Київ", en = "Kyiv" }.
bool read_name(const toml::node& node, OpenIdSetting& provider) {
    if (const auto both = node.value<std::string>()) {
        provider.name_uk = provider.name_en = *both;
        return true;
    }
    const auto* table = node.as_table();
    const auto uk = table ? (*table)["uk"].value<std::string>() : std::nullopt;
    const auto en = table ? (*table)["en"].value<std::string>() : std::nullopt;
    if (!uk || !en || table->size() != 2)
        return false;
    provider.name_uk = *uk;
    provider.name_en = *en;
    return true;
}

bool read_organisations(const toml::node& node, OpenIdSetting& provider) {
    const auto* list = node.as_array();
    if (!list || (!list->empty() && !list->is_homogeneous<std::string>()))
        return false;
    for (const auto& organisation : *list)
        provider.organisations.push_back(*organisation.value<std::string>());
    return true;
}

// Why the member cannot be taken; nothing when it was.
std::string_view read_member(std::string_view name, const toml::node& node, OpenIdSetting& provider) {
    if (name == "name")
        return read_name(node, provider) ? "" : R"( must be a text, or { uk = "…", en = "…" })";
    if (name == "organisations")
        return read_organisations(node, provider) ? "" : " must be a list of texts";
    const auto text = node.value<std::string>();
    std::string* into = name == "id"          ? &provider.id
                        : name == "issuer"    ? &provider.issuer
                        : name == "client_id" ? &provider.client_id
                                              : nullptr;
    std::filesystem::path* file = name == "client_secret_file" ? &provider.client_secret_file
                                  : name == "authorities"      ? &provider.authorities
                                                               : nullptr;
    if (name == "client_secret")
        return " is not a setting: a secret has no place here; put it into a file and name that as "
               "client_secret_file";
    if (!into && !file)
        return " is not a setting";
    if (!text)
        return " must be a text";
    into ? void(*into = *text) : void(*file = *text);
    return "";
}

void judge(const OpenIdSetting& provider, std::vector<std::string>& mistakes) {
    const auto note = [&](std::string_view what) {
        mistakes.push_back(fmt::format("openid “{}”: {}", provider.id, what));
    };
    const auto is_name = [](std::string_view name) {
        return !name.empty() && !find_text_fault(name) && utf16_length(name) <= name_length_max;
    };
    if (!is_short_name(provider.id))
        note(fmt::format("id must be 1 to {} small Latin letters, digits and hyphens", id_length_max));
    if (!is_name(provider.name_uk) || !is_name(provider.name_en))
        note(fmt::format("name, by which people know it, must have 1 to {} letters", name_length_max));
    if (provider.issuer.size() > issuer_length_max || !openid::is_issuer(provider.issuer))
        note("issuer must be an address such as https://id.example, without query and fragment; http is for "
             "this machine alone");
    if (!is_visible_ascii(provider.client_id, client_id_length_max))
        note(fmt::format("client_id must be 1 to {} ASCII characters without spaces", client_id_length_max));
    if (provider.organisations.empty() || provider.organisations.size() > organisations_max)
        note(fmt::format("organisations must name whose people may use it, 1 to {}", organisations_max));
    for (const std::string& organisation : provider.organisations)
        if (!is_id(organisation))
            note(fmt::format("“{}” is no organisation's id", organisation));
}

} // namespace

void read_openid(const toml::node& node, Settings& settings, std::vector<std::string>& mistakes) {
    const auto* list = node.as_array();
    if (!list || !list->is_homogeneous<toml::table>()) {
        mistakes.emplace_back("openid must be a list: [[openid]]");
        return;
    }
    for (const auto& table : *list) {
        OpenIdSetting& provider = settings.openid.emplace_back();
        for (const auto& [name, member] : *table.as_table())
            if (const auto why = read_member(name.str(), member, provider); !why.empty())
                mistakes.push_back(fmt::format("openid.{}{}", name.str(), why));
    }
}

void judge_openid(const Settings& settings, std::vector<std::string>& mistakes) {
    if (settings.openid.size() > providers_max)
        mistakes.push_back(fmt::format("{} providers are the most that can be asked", providers_max));
    for (const OpenIdSetting& provider : settings.openid) {
        judge(provider, mistakes);
        if (std::ranges::count(settings.openid, provider.id, &OpenIdSetting::id) > 1)
            mistakes.push_back(fmt::format("openid “{}” is named twice", provider.id));
    }
}

} // namespace mosty::config
