#include "server/audit/witness_dialogue.hpp"

#include "server/audit/add_checkpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mosty::audit {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_pause{500};
constexpr milliseconds pause_max{30'000};
constexpr unsigned conflicts_max = 2;

// A stranger's text, fit for our log.
std::string harmless(std::string_view text) {
    std::string line{text.substr(0, std::min<std::size_t>(text.find('\n'), 120))};
    std::ranges::replace_if(line, [](char c) { return c < ' ' || c > '~' || c == '"' || c == '\\'; }, '?');
    return line;
}

} // namespace

WitnessDialogue::Verdict WitnessDialogue::fail(std::string reason) {
    conflicts_ = 0;
    const auto pause = std::min(pause_max, first_pause * (1u << std::min(failures_, 6u)));
    return Failed{std::move(reason), pause, failures_++ == 0};
}

WitnessDialogue::Verdict WitnessDialogue::is_ahead(Size size) {
    return fail(fmt::format("it was shown {} entries of this log, of which there are {}", known_size_, size));
}

WitnessDialogue::Verdict WitnessDialogue::take(const SignedCheckpoint& asked, const WitnessAnswer& answer) {
    if (!answer)
        return fail(answer.error());
    if (answer->status == 409)
        return take_conflict(*answer);
    if (answer->status == 200)
        return take_signatures(asked, *answer);
    return fail(fmt::format("it refuses with {}: {}", answer->status, harmless(answer->body)));
}

WitnessDialogue::Verdict WitnessDialogue::take_conflict(const WitnessReply& reply) {
    std::string_view body = reply.body;
    if (body.ends_with('\n'))
        body.remove_suffix(1);
    const auto size = parse_decimal(body);
    if (reply.content_type != size_content_type || !size)
        return fail("it answers 409 without a size");
    if (*size == known_size_ || ++conflicts_ > conflicts_max)
        return fail("it contradicts itself about the size it knows");
    known_size_ = *size;
    return AskAgain{};
}

WitnessDialogue::Verdict WitnessDialogue::take_signatures(const SignedCheckpoint& asked,
                                                          const WitnessReply& reply) {
    // Its lines, under the checkpoint's text, are a note; whose they are otherwise does not matter.
    const auto note = parse_note(asked.note.text + '\n' + reply.body);
    if (!note)
        return fail("its answer has no signatures");
    const auto verified = verify_note(*note, {&key_, 1});
    if (!verified)
        return fail(fmt::format("{}: {}", name_of(verified.error().code), verified.error().sentence));
    known_size_ = asked.checkpoint.size;
    conflicts_ = 0;
    failures_ = 0;
    return Cosigned{note->signatures[verified->front().signature]};
}

} // namespace mosty::audit
