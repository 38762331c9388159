#include "history.hpp"

#include "domain/base/invariant.hpp"
#include "domain/codec/time.hpp"

#include <fmt/format.h>

namespace mosty::test {
namespace {

constexpr std::int64_t first_ms = 1'795'341'600'000; // 2026-11-22T10:00:00.000Z

} // namespace

std::string at(Position position) {
    return codec::format_time(first_ms + static_cast<std::int64_t>(position) * 1'000);
}

std::string History::record(std::string_view stream, std::string_view type, std::string_view data,
                            std::string_view actor) {
    const std::string id = fmt::format("e-{}", size());
    const Revision revision = ++revisions_[std::string(stream)];
    std::string entry = fmt::format(
        R"({{"specversion":"1.0","id":"{}","source":"urn:mosty:test","type":"{}","subject":"{}","time":"{}",)"
        R"("datacontenttype":"application/json","schemaversion":1,"revision":{},"actor":"{}",)"
        R"("commandid":"c-0000{}","commandhash":"0123456789abcdef0123456789abcdef","commandindex":0,)"
        R"("correlationid":"c-0000{}","data":{}}})",
        id, type, stream, at(size()), revision, actor, size(), size(), data);
    auto decoded = codec::decode_entry(entry);
    if (!decoded)
        fmt::print(stderr, "{}\n{}\n", decoded.error().what, entry);
    MOSTY_INVARIANT(decoded.has_value(), "a test records events that exist");
    entries_.push_back(std::move(*decoded));
    bytes_.push_back(std::move(entry));
    return id;
}

History History::with_partnership() {
    History history;
    history.record("municipality/UA32140010000049369", "municipality.registered",
                   R"({"name":"Byshivska","name_local":"Бишівська","country":"UA","scheme":"katottg",)"
                   R"("code":"UA32140010000049369","kind":"rural","region":"Київська","lat_e5":5027000,)"
                   R"("lon_e5":2992000,"population":14508,"population_year":2022,"source":"KATOTTG"})");
    history.record(
        "municipality/HU_10719", "municipality.registered",
        R"({"name":"Bácsalmás","country":"HU","scheme":"gisco","code":"HU_10719","source":"GISCO"})");
    history.record("partnership/p-1", "partnership.proposed",
                   R"({"ua":"UA32140010000049369","eu":"HU_10719","by":"ua","sectors":["water_supply"]})");
    history.record("partnership/p-1", "partnership.accepted", R"({"side":"eu","on":"2023-06"})", "u-bela");
    return history;
}

} // namespace mosty::test
