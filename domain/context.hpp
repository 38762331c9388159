#pragma once

#include "domain/base/actor.hpp"
#include "domain/base/ids.hpp"
#include "domain/base/partial_date.hpp"
#include "domain/base/rejection.hpp"
#include "domain/base/result.hpp"
#include "domain/base/side.hpp"
#include "domain/rights/check.hpp"
#include "domain/text/prepared.hpp"
#include "domain/text/section.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace mosty {

namespace domain {
struct State;
}
namespace municipality {
struct State;
}
namespace partnership {
struct State;
}
namespace person {
struct State;
}
namespace proposal {
struct Content;
struct State;
} // namespace proposal

// The sections of a proposal's form, in their order; nullptr for one that is empty.
using SectionTexts = std::array<const text::State*, text::section_count>;

// How somebody stands to a proposal that they may read.
struct ProposalTie {
    MunicipalityId ua;
    MunicipalityId eu;
    rights::Relation relation = rights::Relation::none;
};

// Everything beside the stream's own state that a decision may rest on. The caller owns what it points
// to, for the length of the call.
struct Context {
    // The tentative state of another stream that `reads` named.
    struct Other {
        StreamId stream;
        const domain::State* state;
    };

    std::int64_t now_ms = 0; // UTC, since 1970
    PartialDate today;       // a full date
    Actor actor;
    std::span<const Other> others;
    // The SHA-256 of bytes as 64 lower-case hexadecimal digits; only asking for approval calls it.
    std::string (*sha256_hex)(std::string_view bytes) = nullptr;
    // The bytes of a content that its hash covers. domain::decide fills this in.
    std::string (*canonical_content)(const proposal::Content& content, const SectionTexts& texts) = nullptr;
    // What text::preparation_for asked for.
    const text::Prepared* prepared = nullptr;

    // The state of a stream that was read; nothing when that stream is empty.
    const municipality::State* municipality(const MunicipalityId& id) const;
    const partnership::State* partnership(const PartnershipId& id) const;
    const text::State* text(const StreamId& id) const;
    const person::State* person(const ActorId& id) const;
    // Empty for somebody we do not know.
    OrganisationId organisation_of(const ActorId& id) const;
    // Whether the actor is this person, or goes on with this person's work, by however many hands.
    bool goes_on_for(const ActorId& id) const;

    // How the actor stands to a text of this owner. `not_found`, too, for those who may not read it.
    Result<rights::Relation, Rejection> relation_to_text_of(const StreamId& owner) const;
    // `not_found`, too, for those who may not read the proposal.
    Result<ProposalTie, Rejection> tie_to_proposal(const StreamId& stream) const;
    // Refuses changes while the owner is locked.
    Result<void, Rejection> check_text_unlocked(const StreamId& owner) const;

private:
    const proposal::State* proposal(const StreamId& id) const;
};

StreamId stream_of(const MunicipalityId& id);
StreamId stream_of(const PartnershipId& id);
StreamId stream_of(const ActorId& id);

// The bank on which a country lies: Ukraine is one, every other country the other.
Side side_of_country(std::string_view country);

// As whom the actor speaks in a matter between two towns: for the programme, or for his own town's side.
// Nothing for those of other towns and organisations.
std::optional<Party> speaks_as(const Actor& actor, const MunicipalityId& ua, const MunicipalityId& eu);

// How the actor stands to what is between two towns: `own`, or `none`.
rights::Relation relation_to(const Actor& actor, const MunicipalityId& ua, const MunicipalityId& eu);

// How the actor stands to what one party between the two did: `own`, `other` or `none`.
rights::Relation relation_to(const Actor& actor, Party by, const MunicipalityId& ua,
                             const MunicipalityId& eu);

// As whom the actor does it in a matter between two towns; refused as the table of rights has it.
Result<Party, Rejection> party_for(rights::Deed deed, const Actor& actor, const MunicipalityId& ua,
                                   const MunicipalityId& eu);

// The side for which the actor does it, by a signature of one. Only the programme names a `side`, and it
// must.
Result<Side, Rejection> side_to_sign(rights::Deed deed, const Actor& actor, const MunicipalityId& ua,
                                     const MunicipalityId& eu, std::optional<Side> named);

} // namespace mosty
