#include "tests/server/texts/text_house.hpp"

#include "domain/base/utf16.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace mosty::test {

TextHouse::TextHouse(sequencing::Sequencer::Options options)
    : desk(std::make_shared<storage::MemoryDisk>(), std::move(options)) {
    desk.say("municipality/UA1", "register_municipality", town("UA1", 1));
    desk.say("municipality/HU1", "register_municipality", town("HU1", 1));
    desk.say("person/u-ua", "register_person",
             R"({"name":"Olha","organisation":"UA1","role":"officer","language":"uk"})");
    desk.say("person/u-hu", "register_person",
             R"({"name":"Bela","organisation":"HU1","role":"officer","language":"en"})");
    desk.settle();
    desk.say("partnership/p-1", "propose_partnership", R"({"ua":"UA1","eu":"HU1","sectors":["youth"]})",
             "u-ua");
    desk.say("partnership/p-1", "accept_partnership", "{}", "u-hu");
    desk.settle();
    desk.say("proposal/p-1_x1", "draft_proposal", R"({"partnership":"p-1","title":"Water"})", "u-ua");
    settle();
}

sequencing::Ticket TextHouse::edit(std::string_view writer, std::string_view actor, Revision base,
                                   std::string_view change) {
    const int sequence = ++sequences_[std::string(writer)];
    return desk.submit(wish_of(text.text(), "edit_text",
                               fmt::format(R"({{"client":"{}","sequence":{},"base":{},"change":{}}})", writer,
                                           sequence, base, change),
                               fmt::format("{}-{}", writer, sequence), actor));
}

void TextHouse::wrote(std::string_view writer, std::string_view actor, Revision base,
                      std::string_view change) {
    const auto ticket = edit(writer, actor, base, change);
    settle();
    INFO(change << " was answered " << desk.answer(ticket));
    REQUIRE(desk.answer(ticket).starts_with("done"));
}

void TextHouse::prepare_all() {
    for (const auto& wanted : desk.sequencer->take_preparations()) {
        auto result = texts::prepare(*desk.log, *views.snapshot(), wanted.stream, wanted.preparation);
        REQUIRE(result.has_value());
        desk.sequencer->prepared(wanted.id, std::move(*result));
    }
}

void TextHouse::settle() {
    while (desk.sequencer->waiting() > 0) {
        prepare_all();
        desk.load_all();
        if (desk.begin())
            desk.finish();
    }
    desk.settle();
    while (projector.size() < desk.log->size()) {
        const auto& committed = desk.committed[projector.size()];
        projector.fold(committed.position, committed.entry, changes);
    }
    REQUIRE(projector.commit().has_value());
}

std::string TextHouse::plain(Revision until) const {
    const auto state = texts::state_at(*desk.log, *views.snapshot(), text, until);
    REQUIRE(state.has_value());
    return utf8_of(state->content.text(0, state->content.length()));
}

} // namespace mosty::test
