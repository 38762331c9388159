#include "server/http/audit_routes.hpp"

#include "domain/domain.hpp"
#include "server/evidence/answer.hpp"
#include "server/http/gzip.hpp"
#include "server/http/parameters.hpp"
#include "server/http/sealing_keys.hpp"
#include "server/http/site.hpp"
#include "server/realtime/json_text.hpp"
#include "storage/merkle/tree.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <utility>

namespace mosty::http {
namespace {

using realtime::append_member;
using realtime::Problem;
namespace merkle = storage::merkle;

constexpr std::size_t waiting_max = 256;
constexpr std::string_view checkpoint_path = "/checkpoint";
constexpr std::string_view cosigned_path = "/v1/log/cosigned";
constexpr std::string_view key_path = "/v1/log/key";
constexpr std::string_view inclusion_path = "/v1/proofs/inclusion";
constexpr std::string_view consistency_path = "/v1/proofs/consistency";
constexpr std::string_view tiles_path = "/tile/";
constexpr std::string_view evidence_path = "/v1/evidence/";
constexpr std::size_t bundles_max = 2; // each takes several times its events' bytes while it is made
constexpr std::size_t bundled_bytes_max = 32u << 20;
constexpr auto plain = "text/plain; charset=utf-8";
constexpr auto bytes_type = "application/octet-stream";
constexpr auto for_ever = "public, max-age=31536000, immutable";

Response refused(std::string code, std::string detail, std::string field = {}) {
    return problem_response({std::move(code), std::move(detail), std::move(field), {}});
}

Response unreadable(const storage::ReadError& error) {
    return problem_response(core::unreadable(error.reason));
}

// A number of the query as the log writes them: decimal, without a sign or leading zeros. `absent` when it is
// not there; what is none is a mistake.
std::optional<Size> decimal(const Request& request, Parameters& parameters, const std::string& name,
                            std::optional<Size> absent = {}) {
    const std::string text = parameters.text(name);
    const auto number = request.query.contains(name) ? audit::parse_decimal(text) : absent;
    if (!number)
        parameters.note(name, fmt::format("“{}” must be a whole number.", name));
    return number;
}

Response beyond(Size size, Size covered, const std::string& name) {
    return problem_response({"no_such_size",
                             fmt::format("The newest checkpoint covers {} entries, not {}.", covered, size),
                             name,
                             {{"size", std::to_string(covered)}}});
}

void append_hashes(std::string& body, std::string_view name, const std::vector<merkle::Hash>& hashes) {
    body += fmt::format(",\"{}\":[", name);
    for (const merkle::Hash& hash : hashes) {
        if (body.back() != '[')
            body += ',';
        body += '"' + audit::format_hash(hash) + '"';
    }
    body += ']';
}

} // namespace

bool AuditRoutes::has(std::string_view path) {
    return path == checkpoint_path || path == cosigned_path || path == key_path || path == inclusion_path ||
           path == consistency_path || path == keys_path || path.starts_with(tiles_path) ||
           path.starts_with(evidence_path);
}

void AuditRoutes::get(const Request& request, const Reader& reader, Reply reply) {
    const std::string_view path = request.path;
    if (path == checkpoint_path)
        return reply({200, plain, publisher_.newest()->note, {{"Cache-Control", "no-cache"}}});
    if (path == cosigned_path) {
        const auto cosigned = publisher_.cosigned();
        return cosigned ? reply({200, plain, cosigned->note, {{"Cache-Control", "no-cache"}}})
                        : reply(refused("not_cosigned",
                                        "No checkpoint has a quorum of its witnesses' cosignatures yet."));
    }
    if (path == key_path)
        return reply({200, plain, publisher_.key().text() + '\n', {{"Cache-Control", "no-cache"}}});
    if (path == inclusion_path)
        return inclusion(request, std::move(reply));
    if (path == consistency_path)
        return consistency(request, std::move(reply));
    if (path.starts_with(evidence_path))
        return evidence(request, reader, std::move(reply));
    if (path == keys_path)
        return reader ? answer_keys(core_, sealing_, request, *reader, std::move(reply))
                      : reply(problem_response(reader.error()));
    tile(request, reader, std::move(reply));
}

void AuditRoutes::tile(const Request& request, const Reader& reader, Reply reply) {
    const auto path = merkle::parse_tile_path(std::string_view(request.path).substr(1));
    if (!path)
        return reply(refused("not_found",
                             "Tiles are at /tile/<level>/<number> and /tile/entries/<number>, the "
                             "number as x001/x234/067, a part of one with .p/<width>."));
    const Size covered = publisher_.newest()->checkpoint.size;
    if (!path->level && !reader)
        return reply(problem_response(reader.error()));
    // Those who may not read entries learn nothing about them either, not even how many there are.
    if (!path->level)
        return entries(request, *path, *reader, std::move(reply));
    if (path->width > merkle::tile_width(*path->level, path->number, covered))
        return reply(
            refused("no_such_tile",
                    fmt::format("The newest checkpoint covers {} entries: it has no such tile.", covered)));
    on_worker(
        [this, path = *path]() -> Response {
            auto bytes = merkle::tile(log_, *path.level, path.number, path.width);
            if (!bytes)
                return unreadable(bytes.error());
            return {200, bytes_type, std::move(*bytes), {{"Cache-Control", for_ever}}};
        },
        std::move(reply));
}

void AuditRoutes::entries(const Request& request, const merkle::TilePath& path, const ActorId& reader,
                          Reply reply) {
    const bool packs = request.accept_encoding.find("gzip") != std::string::npos;
    core_.refuse(
        reader, core::EventsQuestion{},
        [this, path, packs, reply = std::move(reply)](std::optional<Problem> problem) mutable {
            if (problem)
                return reply(problem_response(*problem));
            const Size covered = publisher_.newest()->checkpoint.size;
            if (path.width > merkle::tile_width(0, path.number, covered))
                return reply(refused(
                    "no_such_tile",
                    fmt::format("The newest checkpoint covers {} entries: it has no such tile.", covered)));
            on_worker(
                [this, path, packs]() -> Response {
                    auto bytes = merkle::entry_bundle(log_, path.number, path.width);
                    if (!bytes)
                        return unreadable(bytes.error());
                    Response response{200, bytes_type, {}, {{"Cache-Control", "no-store"}}};
                    response.headers.emplace_back("Vary", "Accept-Encoding");
                    auto packed = packs ? gzip(*bytes, Packing::quick) : std::string{};
                    if (!packed.empty())
                        response.headers.emplace_back("Content-Encoding", "gzip");
                    response.body = packed.empty() ? std::move(*bytes) : std::move(packed);
                    return response;
                },
                std::move(reply));
        });
}

void AuditRoutes::inclusion(const Request& request, Reply reply) {
    const Size covered = publisher_.newest()->checkpoint.size;
    Parameters parameters(request);
    const auto position = decimal(request, parameters, "position");
    const auto size = decimal(request, parameters, "size", covered);
    if (const auto mistake = parameters.mistake())
        return reply(problem_response(*mistake));
    if (*size > covered)
        return reply(beyond(*size, covered, "size"));
    if (*position >= *size)
        return reply(refused("no_such_entry",
                             fmt::format("The first {} entries have no position {}.", *size, *position),
                             "position"));
    const auto caching = request.query.contains("size") ? for_ever : "no-cache";
    on_worker(
        [this, caching, position = *position, size = *size]() -> Response {
            const auto leaf = log_.leaf_hashes(position, 1);
            if (!leaf || leaf->empty())
                return unreadable(leaf ? storage::ReadError{"a leaf is missing"} : leaf.error());
            const auto proof = merkle::inclusion_proof(log_, position, size);
            if (!proof)
                return unreadable(proof.error());
            std::string body = "{";
            append_member(body, "position", position);
            append_member(body, "size", size);
            append_member(body, "leaf", audit::format_hash(leaf->front()));
            append_hashes(body, "proof", *proof);
            return {200, "application/json", body + '}', {{"Cache-Control", caching}}};
        },
        std::move(reply));
}

void AuditRoutes::consistency(const Request& request, Reply reply) {
    const Size covered = publisher_.newest()->checkpoint.size;
    Parameters parameters(request);
    const auto from = decimal(request, parameters, "from");
    const auto to = decimal(request, parameters, "to", covered);
    if (const auto mistake = parameters.mistake())
        return reply(problem_response(*mistake));
    if (*to > covered)
        return reply(beyond(*to, covered, "to"));
    if (*from > *to)
        return reply(refused("no_such_size", fmt::format("{} entries do not begin {}.", *from, *to), "from"));
    const auto caching = request.query.contains("to") ? for_ever : "no-cache";
    on_worker(
        [this, caching, from = *from, to = *to]() -> Response {
            const auto proof = merkle::consistency_proof(log_, from, to);
            if (!proof)
                return unreadable(proof.error());
            std::string body = "{";
            append_member(body, "from", from);
            append_member(body, "to", to);
            append_hashes(body, "proof", *proof);
            return {200, "application/json", body + '}', {{"Cache-Control", caching}}};
        },
        std::move(reply));
}

void AuditRoutes::evidence(const Request& request, const Reader& reader, Reply reply) {
    if (!reader)
        return reply(problem_response(reader.error()));
    const StreamId proposal(request.path.substr(evidence_path.size()));
    const auto newest = publisher_.newest();
    const Size size = newest->checkpoint.size;
    if (domain::kind_of(proposal) != domain::Kind::proposal || size == 0)
        return reply(refused("not_found", "Evidence is of a proposal: /v1/evidence/proposal/<id>."));
    Parameters parameters(request);
    const auto at = decimal(request, parameters, "at", size);
    if (const auto mistake = parameters.mistake())
        return reply(problem_response(*mistake));
    if (*at > size)
        return reply(beyond(*at, size, "at"));
    const auto make = [this, newest, proposal, at = *at]() -> Response {
        const auto json = mosty::evidence::bundle_of(
            log_, *sealing_.keys(), proposal,
            {newest->checkpoint.origin, publisher_.key().text(), newest->checkpoint.size, newest->note}, at,
            bundled_bytes_max);
        using Code = mosty::evidence::CollectError::Code;
        if (!json)
            return json.error().code == Code::unreadable ? unreadable({json.error().sentence})
                   : json.error().code == Code::too_big  ? refused("too_big", json.error().sentence)
                                                         : refused("not_found", json.error().sentence);
        const auto name =
            fmt::format("proposal-{}-{}.json", domain::local_id(proposal), newest->checkpoint.size);
        return {200,
                "application/json",
                *json,
                {{"Cache-Control", "no-store"},
                 {"Content-Disposition", fmt::format("attachment; filename=\"{}\"", name)}}};
    };
    core_.refuse(*reader, core::ViewQuestion{.topic = proposal.text(), .at = {}, .until_ms = {}},
                 [this, make, reply = std::move(reply)](std::optional<Problem> problem) mutable {
                     if (problem)
                         return reply(problem_response(*problem));
                     const bool fits = bundles_.fetch_add(1) < bundles_max;
                     const std::shared_ptr<void> place(nullptr, [this](void*) { --bundles_; });
                     if (!fits)
                         return reply(refused("overloaded",
                                              "The server has too much to do just now. Ask again "
                                              "in a moment."));
                     on_worker([make, place] { return make(); }, std::move(reply));
                 });
}

void AuditRoutes::on_worker(Read read, Reply reply) {
    if (waiting_.fetch_add(1) >= waiting_max) {
        --waiting_;
        return reply(refused("overloaded", "The server has too much to do just now. Ask again in a moment."));
    }
    boost::asio::post(workers_, [this, read = std::move(read), reply = std::move(reply)]() mutable {
        Response response = read();
        --waiting_;
        reply(std::move(response));
    });
}

} // namespace mosty::http
