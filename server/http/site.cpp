#include "server/http/site.hpp"

#include "domain/codec/json_writer.hpp"
#include "domain/text/section.hpp"
#include "server/access/may_send.hpp"
#include "server/http/body.hpp"
#include "server/http/person_json.hpp"
#include "server/http/questions.hpp"
#include "server/http/sealing_keys.hpp"
#include "server/http/sessions_json.hpp"
#include "server/realtime/client_message.hpp"
#include "server/realtime/frames.hpp"
#include "server/realtime/json_text.hpp"

#include <fmt/format.h>

namespace mosty::http {
namespace {

using realtime::append_member;
using realtime::Problem;

constexpr std::string_view bearer = "Bearer ";
constexpr std::uint64_t read_commands = 2; // what a question to a worker costs its account

Problem nothing_here() {
    return {"not_found", "There is nothing here.", {}, {}};
}

// Places of machines, below which there are no pages.
bool is_below_a_place_of_machines(std::string_view path) {
    const std::string_view first = path.substr(1, path.find('/', 1) - 1);
    for (const std::string_view place : {"v1", "checkpoint", "tile", "healthz", "readyz", "metrics"})
        if (first == place)
            return true;
    return false;
}

} // namespace

Response problem_response(const Problem& problem) {
    Response response{
        realtime::status_of(problem.code), "application/problem+json", realtime::to_json(problem), {}};
    for (const auto& [name, value] : problem.params)
        if (problem.code == "try_later" && name == "seconds")
            response.headers.emplace_back("Retry-After", value);
    return response;
}

Response method_not_allowed(std::string_view allowed) {
    auto response =
        problem_response({"method_not_allowed", fmt::format("Here only {} is understood.", allowed), {}, {}});
    response.headers.emplace_back("Allow", allowed);
    return response;
}

Site::Site(core::Core& core, core::Metrics& metrics, accounts::Accounts& accounts,
           const access::ClientIds& client_ids, const Assets& assets, AuditRoutes& audit,
           limits::AccountAllowances& allowances, bool demo)
    : core_(core), metrics_(metrics), accounts_(accounts), account_routes_(accounts, demo),
      client_ids_(client_ids), assets_(assets), audit_(audit), allowances_(allowances), demo_(demo) {}

std::optional<access::SignIn> Site::signed_in(const Request& request) const {
    if (request.authorization.starts_with(bearer))
        return accounts_.token(std::string_view(request.authorization).substr(bearer.size()));
    return accounts_.session(request.cookie);
}

Problem Site::not_signed_in(const Request& request, std::string detail) const {
    const auto ending =
        request.authorization.starts_with(bearer) ? std::nullopt : accounts_.ending(request.cookie);
    return ending ? realtime::problem_of(*ending) : Problem{"not_signed_in", std::move(detail), {}, {}};
}

std::optional<Response> Site::refuse_too_fast(const ActorId& actor, const limits::Asked& asked) {
    const auto pause = allowances_.of(actor).refuse(asked, std::chrono::steady_clock::now());
    if (!pause)
        return std::nullopt;
    metrics_.reached(limits::Limit::account_requests);
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*pause).count();
    auto response = problem_response(
        {"too_fast", "You ask for more than a person may. Send the same again after a pause.", {}, {}});
    response.headers.emplace_back("Retry-After", std::to_string(seconds));
    return response;
}

void Site::handle(Request request, Reply reply) {
    metrics_.requests.Increment();
    if (const auto problem = gate_.refuse(request))
        return reply(problem_response(*problem));
    if ((request.method == "GET" || request.method == "HEAD") && !AccountRoutes::has(request.path))
        return get(request, std::move(reply));
    if (AccountRoutes::has(request.path)) {
        auto sign_in = signed_in(request);
        auto stranger = sign_in ? Problem{} : not_signed_in(request, "Sign in to do this.");
        return account_routes_.handle(std::move(request), std::move(sign_in), std::move(stranger),
                                      std::move(reply));
    }
    if (request.method == "POST" && is_for_posting(request.path))
        return post(request, std::move(reply));
    const auto allowed = methods_of(request);
    reply(allowed.empty() ? problem_response(nothing_here()) : method_not_allowed(allowed));
}

bool Site::is_for_posting(std::string_view path) {
    return path == "/v1/commands" || path == "/v1/clients";
}

bool Site::is_for_getting(const Request& request) const {
    const std::string_view path = request.path;
    for (const std::string_view place : {"/healthz", "/readyz", "/metrics", "/v1/me"})
        if (path == place)
            return true;
    if (path == "/v1/demo/people")
        return demo_;
    if (AuditRoutes::has(path) || question_of(request))
        return true;
    return !is_below_a_place_of_machines(path) && assets_.has(path);
}

// The methods that a place which is not of accounts understands; empty when there is no such place.
std::string_view Site::methods_of(const Request& request) const {
    return is_for_posting(request.path) ? "POST" : is_for_getting(request) ? "GET, HEAD" : "";
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
    if (AuditRoutes::has(path)) {
        const auto sign_in = signed_in(request);
        if (sign_in && (path.starts_with("/v1/evidence/") || path == keys_path))
            if (auto refused = refuse_too_fast(sign_in->actor, {.commands = read_commands}))
                return reply(std::move(*refused));
        const auto problem = refuse(request, sign_in, &access::SignIn::reads, "read this");
        return audit_.get(request, problem ? AuditRoutes::Reader(std::unexpected(*problem)) : sign_in->actor,
                          std::move(reply));
    }
    if (auto question = question_of(request)) {
        if (!*question)
            return reply(problem_response(question->error()));
        return read(request, std::move(**question), std::move(reply));
    }
    if (is_for_posting(path))
        return reply(method_not_allowed("POST"));
    if (is_below_a_place_of_machines(path))
        return reply(problem_response(nothing_here()));
    reply(assets_.get(request));
}

void Site::post(Request& request, Reply reply) {
    if (request.path == "/v1/commands")
        return command(request, std::move(reply));
    new_client(request, std::move(reply));
}

void Site::me(const Request& request, Reply reply) {
    const auto sign_in = signed_in(request);
    if (!sign_in)
        return reply(problem_response(not_signed_in(request, "Nobody is signed in here.")));
    core_.person(sign_in->actor, [demo = demo_,
                                  reply = std::move(reply)](std::optional<core::Person> person) mutable {
        if (person)
            return reply({200, "application/json", me_json(*person, demo), {{"Cache-Control", "no-store"}}});
        reply(problem_response({"not_signed_in", "Nobody is signed in here.", {}, {}}));
    });
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

// Why this may not be done with what the request shows; nothing when it may.
std::optional<Problem> Site::refuse(const Request& request, const std::optional<access::SignIn>& sign_in,
                                    bool access::SignIn::* right, std::string_view what) const {
    if (!sign_in)
        return not_signed_in(request, fmt::format("Sign in to {}.", what));
    if (!((*sign_in).*right))
        return Problem{"token_scope", fmt::format("This token was not made to {}.", what), {}, {}};
    return std::nullopt;
}

void Site::command(const Request& request, Reply reply) {
    const auto sign_in = signed_in(request);
    if (const auto problem = refuse(request, sign_in, &access::SignIn::writes, "do this"))
        return reply(problem_response(*problem));
    if (auto refused = refuse_too_fast(sign_in->actor, {.commands = 1, .bytes = request.body.size()}))
        return reply(std::move(*refused));
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
    if (!access::may_send(*sign_in, sent.command))
        return reply(problem_response(
            {"token_scope", "A token cannot change accounts. Do this in the browser.", {}, {}}));
    if (const auto foreign =
            access::OwnClients(client_ids_, sign_in->actor).refuse_foreign(sent.stream, sent.command))
        return reply(problem_response(realtime::problem_of(*foreign)));
    sequencing::Wish wish{.ticket = 0,
                          .actor = sign_in->actor,
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
    const auto sign_in = signed_in(request);
    if (const auto problem = refuse(request, sign_in, &access::SignIn::writes, "write"))
        return reply(problem_response(*problem));
    simdjson::dom::parser parser;
    simdjson::dom::object body;
    static constexpr Member members[]{{"stream"}};
    const bool is_object = parser.parse(request.body).get(body) == simdjson::SUCCESS;
    if (is_object)
        if (const auto mistake = mistake_in(body, members))
            return reply(problem_response(*mistake));
    std::string_view stream;
    if (!is_object || body["stream"].get(stream) != simdjson::SUCCESS || !text::name_of_text(stream))
        return reply(problem_response(
            {"malformed", "Say of which text: {\"stream\":\"text/proposal/…/…\"}.", "stream", {}}));
    const StreamId text{std::string{stream}};
    core_.refuse(sign_in->actor, core::WriterQuestion{text},
                 [this, actor = sign_in->actor, text,
                  reply = std::move(reply)](std::optional<Problem> problem) mutable {
                     if (problem)
                         return reply(problem_response(*problem));
                     std::string body = "{";
                     append_member(body, "client", client_ids_.issue(actor, text).text());
                     reply({200, "application/json", body + '}', {{"Cache-Control", "no-store"}}});
                 });
}

void Site::read(const Request& request, core::Question question, Reply reply) {
    auto sign_in = signed_in(request);
    auto* events = std::get_if<core::EventsQuestion>(&question);
    const bool of_events = events || std::holds_alternative<core::ActivityQuestion>(question);
    const auto right = of_events ? &access::SignIn::takes_events : &access::SignIn::reads;
    if (const auto problem = refuse(request, sign_in, right, of_events ? "take events" : "read this"))
        return reply(problem_response(*problem));
    if (auto refused = refuse_too_fast(sign_in->actor, {.commands = read_commands}))
        return reply(std::move(*refused));
    if (events && events->streamed)
        return stream_events(std::move(*sign_in), std::move(*events), std::move(reply));
    if (auto* wanted = std::get_if<core::ExportQuestion>(&question)) {
        if (!sign_in->is_session)
            return reply(
                problem_response({"token_scope",
                                  "A token does not get all about its person. Do this in the browser.",
                                  {},
                                  {}}));
        wanted->actor = sign_in->actor;
        if (const auto account = accounts_.account_of(sign_in->actor))
            wanted->email = account->email;
        wanted->sessions = sessions_json(accounts_.sessions_of(sign_in->actor));
    }
    core_.read(sign_in->actor, std::move(question),
               [reply = std::move(reply)](core::ReadResult result) mutable {
                   if (!result)
                       return reply(problem_response(result.error()));
                   reply({200,
                          std::string{result->content_type},
                          std::move(result->body),
                          {{"Cache-Control", "no-store"}}});
               });
}

void Site::stream_events(access::SignIn reader, core::EventsQuestion question, Reply reply) {
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
