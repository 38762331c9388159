#include "server/http/site.hpp"

#include "domain/codec/json_writer.hpp"
#include "domain/text/section.hpp"
#include "server/http/cookie.hpp"
#include "server/http/questions.hpp"
#include "server/realtime/client_message.hpp"
#include "server/realtime/frames.hpp"
#include "server/realtime/json_text.hpp"

#include <chrono>

namespace mosty::http {
namespace {

using realtime::append_member;
using realtime::Problem;

constexpr std::chrono::hours sign_in_lasts{24 * 30};

std::int64_t now_ms() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

Problem nothing_here() {
    return {"not_found", "There is nothing here.", {}, {}};
}

std::string person_json(const core::Person& person) {
    std::string json = "{";
    append_member(json, "actor", person.actor.text());
    append_member(json, "name", person.profile.name);
    append_member(json, "organisation", person.profile.organisation.text());
    append_member(json, "role", to_string(person.profile.role));
    append_member(json, "language", to_string(person.profile.language));
    json += person.profile.invented ? ",\"invented\":true" : ",\"invented\":false";
    return json + '}';
}

const core::Person* find_person(const std::vector<core::Person>& people, const ActorId& actor) {
    for (const core::Person& person : people)
        if (person.actor == actor)
            return &person;
    return nullptr;
}

Response me_response(const core::Person& person, bool demo) {
    std::string body = person_json(person);
    body.back() = ',';
    body += demo ? "\"demo\":true}" : "\"demo\":false}";
    return {200, "application/json", std::move(body), {{"Cache-Control", "no-store"}}};
}

} // namespace

Response problem_response(const Problem& problem) {
    return {realtime::status_of(problem.code), "application/problem+json", realtime::to_json(problem), {}};
}

Site::Site(core::Core& core, core::Metrics& metrics, const access::SignIns& sign_ins,
           const access::ClientIds& client_ids, const Assets& assets, AuditRoutes& audit, bool demo)
    : core_(core), metrics_(metrics), sign_ins_(sign_ins), client_ids_(client_ids), assets_(assets),
      audit_(audit), demo_(demo) {}

std::optional<ActorId> Site::signed_in(const std::string& token) const {
    if (token.empty())
        return std::nullopt;
    return sign_ins_.check(token, now_ms());
}

void Site::handle(Request request, Reply reply) {
    metrics_.requests.Increment();
    if (const auto problem = gate_.refuse(request))
        return reply(problem_response(*problem));
    if (request.method == "GET" || request.method == "HEAD")
        return get(request, std::move(reply));
    if (request.method == "POST")
        return post(request, std::move(reply));
    reply(problem_response({"method_not_allowed", "Only GET, HEAD and POST are understood.", {}, {}}));
}

void Site::get(Request& request, Reply reply) {
    const std::string& path = request.path;
    if (path == "/healthz")
        return reply({200, "text/plain; charset=utf-8", "alive\n", {}});
    if (path == "/readyz")
        return ready_ ? reply({200, "text/plain; charset=utf-8", "ready\n", {}})
                      : reply({503, "text/plain; charset=utf-8", "not ready\n", {}});
    if (path == "/metrics")
        return reply({200, "text/plain; version=0.0.4; charset=utf-8", metrics_.text(), {}});
    if (path == "/v1/me")
        return me(request, std::move(reply));
    if (path == "/v1/demo/people" && demo_)
        return demo_people(std::move(reply));
    if (AuditRoutes::has(path))
        return audit_.get(request, signed_in(request.cookie), std::move(reply));
    if (auto question = question_of(request)) {
        if (!*question)
            return reply(problem_response(question->error()));
        return read(request, std::move(**question), std::move(reply));
    }
    if (path.starts_with("/v1/"))
        return reply(problem_response(nothing_here()));
    reply(assets_.get(request));
}

void Site::post(Request& request, Reply reply) {
    if (request.path == "/v1/commands")
        return command(request, std::move(reply));
    if (request.path == "/v1/clients")
        return new_client(request, std::move(reply));
    if (request.path == "/v1/sign-in" && demo_)
        return sign_in(request, std::move(reply));
    if (request.path == "/v1/sign-out")
        return sign_out(request, std::move(reply));
    reply(problem_response(nothing_here()));
}

void Site::me(const Request& request, Reply reply) {
    const auto actor = signed_in(request.cookie);
    core_.people([this, actor, reply = std::move(reply)](std::vector<core::Person> people) mutable {
        const core::Person* person = actor ? find_person(people, *actor) : nullptr;
        if (person)
            return reply(me_response(*person, demo_));
        reply(problem_response({"not_signed_in", "Nobody is signed in here.", {}, {}}));
    });
}

void Site::sign_in(const Request& request, Reply reply) {
    simdjson::dom::parser parser;
    std::string_view chosen;
    if (parser.parse(request.body)["actor"].get(chosen) != simdjson::SUCCESS)
        return reply(problem_response({"malformed", "Say as whom: {\"actor\":\"u-…\"}.", "actor", {}}));
    const ActorId actor{std::string{chosen}};
    core_.people([this, actor, is_secure = request.is_secure,
                  reply = std::move(reply)](std::vector<core::Person> people) mutable {
        const core::Person* person = find_person(people, actor);
        if (!person || person->profile.role == Role::service)
            return reply(
                problem_response({"not_found", "There is nobody of that id in the demo.", "actor", {}}));
        Response response = me_response(*person, demo_);
        const auto until = now_ms() + std::chrono::milliseconds{sign_in_lasts}.count();
        response.headers.emplace_back("Set-Cookie", set_cookie(Cookie::sign_in, sign_ins_.issue(actor, until),
                                                               sign_in_lasts, is_secure));
        reply(std::move(response));
    });
}

void Site::sign_out(const Request& request, Reply reply) {
    reply({204, "application/json", {}, {{"Set-Cookie", forget_cookie(Cookie::sign_in, request.is_secure)}}});
}

void Site::demo_people(Reply reply) {
    core_.demo_people(
        [reply = std::move(reply)](std::vector<core::Person> people, std::string towns) mutable {
            std::string body = "{\"people\":[";
            for (const core::Person& person : people) {
                if (body.back() != '[')
                    body += ',';
                body += person_json(person);
            }
            body += "],\"towns\":" + towns + '}';
            reply({200, "application/json", std::move(body), {{"Cache-Control", "no-store"}}});
        });
}

void Site::command(const Request& request, Reply reply) {
    const auto actor = signed_in(request.cookie);
    if (!actor)
        return reply(problem_response({"not_signed_in", "Sign in to do this.", {}, {}}));
    if (!core_.has_room_for(1))
        return reply(
            problem_response({"overloaded",
                              "The server has too much to do just now. Send the same again in a moment.",
                              {},
                              {}}));

    simdjson::dom::parser parser;
    auto parsed = realtime::parse_command_body(parser, request.body);
    if (const auto* bad = std::get_if<realtime::BadMessage>(&parsed))
        return reply(problem_response(bad->problem));
    auto& sent = std::get<realtime::SendCommand>(parsed);
    if (const auto foreign =
            access::OwnClients(client_ids_, *actor).refuse_foreign(sent.stream, sent.command))
        return reply(problem_response(realtime::problem_of(*foreign)));
    sequencing::Wish wish{.ticket = 0,
                          .actor = *actor,
                          .as_service = false,
                          .id = std::move(sent.id),
                          .stream = std::move(sent.stream),
                          .command = std::move(sent.command),
                          .expected_revision = sent.expected_revision,
                          .hash = std::move(sent.hash),
                          .at_ms = {}};
    core_.command(std::move(wish), [reply = std::move(reply)](sequencing::Answer answer) mutable {
        if (const auto* done = std::get_if<sequencing::Done>(&answer.verdict))
            return reply({200, "application/json", realtime::done_frame(answer.id, *done), {}});
        reply(problem_response(realtime::problem_of(answer.verdict)));
    });
}

void Site::new_client(const Request& request, Reply reply) {
    const auto actor = signed_in(request.cookie);
    if (!actor)
        return reply(problem_response({"not_signed_in", "Sign in to write.", {}, {}}));
    simdjson::dom::parser parser;
    std::string_view stream;
    if (parser.parse(request.body)["stream"].get(stream) != simdjson::SUCCESS || !text::name_of_text(stream))
        return reply(problem_response(
            {"malformed", "Say of which text: {\"stream\":\"text/proposal/…/…\"}.", "stream", {}}));
    const text::ClientId client = client_ids_.issue(*actor, StreamId{std::string{stream}});
    std::string body = "{";
    append_member(body, "client", client.text());
    reply({200, "application/json", body + '}', {{"Cache-Control", "no-store"}}});
}

void Site::read(const Request& request, core::Question question, Reply reply) {
    const auto actor = signed_in(request.cookie);
    if (!actor)
        return reply(problem_response({"not_signed_in", "Sign in to read this.", {}, {}}));
    if (auto* events = std::get_if<core::EventsQuestion>(&question); events && events->streamed)
        return stream_events(*actor, std::move(*events), std::move(reply));
    core_.read(*actor, std::move(question), [reply = std::move(reply)](core::ReadResult result) mutable {
        if (!result)
            return reply(problem_response(result.error()));
        reply({200,
               std::string{result->content_type},
               std::move(result->body),
               {{"Cache-Control", "no-store"}}});
    });
}

void Site::stream_events(ActorId reader, core::EventsQuestion question, Reply reply) {
    const auto form = *question.streamed;
    core_.stream_events(std::move(reader), std::move(question),
                        [this, form, reply = std::move(reply)](core::EventsResult events) mutable {
                            if (!events)
                                return reply(problem_response(events.error()));
                            Response response;
                            response.content_type = events::content_type(form);
                            response.headers = {{"Cache-Control", "no-store"},
                                                {"X-Accel-Buffering", "no"}, // a proxy must not gather them
                                                {"Mosty-Log", core_.log_id()}};
                            response.pieces = std::move(*events);
                            reply(std::move(response));
                        });
}

} // namespace mosty::http
