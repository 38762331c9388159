#include "server/core/question_rights.hpp"

#include "domain/rights/check.hpp"
#include "domain/text/section.hpp"
#include "server/access/may_read.hpp"
#include "server/core/problems.hpp"

#include <utility>

namespace mosty::core {
namespace {

using realtime::Problem;
using realtime::Topic;
using realtime::TopicKind;
using Answer = Result<Refusal, std::string>;

const Problem may_not_read{"may_not_read", "Only those whom this concerns may read it.", {}, {}};
const Problem no_topic{"unknown_topic", "There is no topic of that name.", "topic", {}};
const Problem another_kind{"unknown_topic", "There is no such topic of this kind.", "topic", {}};

// Asks in the name of one reader.
class Asking {
public:
    Asking(const Actor& reader, projections::Projector& projector) : reader_(reader), projector_(projector) {}

    Answer operator()(const ViewQuestion& question) {
        return of_topic(question.topic,
                        [](TopicKind kind) { return kind != TopicKind::text && !realtime::is_list(kind); });
    }

    Answer operator()(const ListQuestion& question) { return of_topic(question.topic, realtime::is_list); }

    Answer operator()(const TextQuestion& question) {
        return of_topic(question.topic, [](TopicKind kind) { return kind == TopicKind::text; });
    }

    Answer operator()(const EventsQuestion& question) {
        if (access::may_read_all_events(reader_))
            return Refusal{};
        auto refused = of_stream(question.filter.stream);
        if (!refused || *refused)
            return refused;
        // To go on after an event is to ask whether there is one.
        const std::string after = question.start.after.substr(0, question.start.after.rfind('@'));
        if (!domain::kind_of(StreamId{after}))
            return Refusal{};
        auto unseen = of_stream(after);
        if (unseen && *unseen)
            return Refusal{events::unknown_event(question.start.after)};
        return unseen;
    }

    // Whoever may read the events may know how many there are.
    Answer operator()(const ActivityQuestion& question) {
        if (access::may_read_all_events(reader_))
            return Refusal{};
        if (question.streams.empty())
            return Refusal{may_not_read};
        for (const std::string& stream : question.streams)
            if (auto refused = of_stream(stream); !refused || *refused)
                return refused;
        return Refusal{};
    }

    Answer operator()(const ViewsHashQuestion&) {
        return access::may_read_all_events(reader_) ? Refusal{} : Refusal{may_not_read};
    }

    // Everybody may have what is theirs.
    Answer operator()(const ExportQuestion& question) {
        const auto relation = question.actor == reader_.id ? rights::Relation::self : rights::Relation::none;
        return rights::may_read(reader_.role, rights::Reading::personal_data, relation)
                   ? Refusal{}
                   : Refusal{may_not_read};
    }

    // Whoever may write a text gets a writer of it.
    Answer operator()(const WriterQuestion& question) {
        const Topic topic{TopicKind::text, std::string{domain::local_id(text::owner_of_text(question.text))}};
        const auto audience = audience_of(topic);
        if (!audience)
            return std::unexpected(audience.error());
        if (!access::may_read(reader_, topic, shown(*audience)))
            return Refusal{may_not_read};
        const auto relation = access::relation_to(reader_, topic, shown(*audience));
        if (const auto may = rights::check(reader_, rights::Deed::edit_text, relation); !may)
            return Refusal{realtime::problem_of(may.error())};
        return Refusal{};
    }

private:
    using Audience = std::optional<projections::Audience>;

    static const projections::Audience* shown(const Audience& audience) {
        return audience ? &*audience : nullptr;
    }

    Result<Audience, std::string> audience_of(const Topic& topic) {
        const std::string stream = realtime::audience_stream(topic);
        if (stream.empty())
            return Audience{};
        auto audience = projector_.audience(stream);
        if (!audience)
            return std::unexpected(audience.error().reason);
        return std::move(*audience);
    }

    Answer of_topic(const Topic& topic) {
        const auto audience = audience_of(topic);
        if (!audience)
            return std::unexpected(audience.error());
        return access::may_read(reader_, topic, shown(*audience)) ? Refusal{} : Refusal{may_not_read};
    }

    template <class Fits>
    Answer of_topic(const std::string& name, Fits fits) {
        const auto topic = realtime::parse_topic(name);
        if (!topic)
            return Refusal{no_topic};
        return fits(topic->kind) ? of_topic(*topic) : Refusal{another_kind};
    }

    // The events of one entity, or of all texts of a proposal, are for whoever may read what they are about.
    Answer of_stream(const std::string& name) {
        const auto streams = events::streams_named(name);
        if (streams.empty())
            return Refusal{may_not_read};
        const StreamId& stream = streams.front(); // all texts of a proposal have one audience
        if (domain::kind_of(stream) == domain::Kind::person) {
            const ActorId person{std::string{domain::local_id(stream)}};
            return access::may_read_events_of(reader_, person) ? Refusal{} : Refusal{may_not_read};
        }
        const auto topic = realtime::parse_topic(stream.text());
        return topic ? of_topic(*topic) : Refusal{may_not_read};
    }

    const Actor& reader_;
    projections::Projector& projector_;
};

} // namespace

Result<Refusal, std::string> refusal_of(const std::optional<Actor>& reader, const Question& question,
                                        projections::Projector& projector) {
    if (!reader)
        return Refusal{not_signed_in};
    return std::visit(Asking(*reader, projector), question);
}

} // namespace mosty::core
