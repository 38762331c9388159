#pragma once

#include "server/audit/publisher.hpp"
#include "server/core/core.hpp"
#include "server/http/message.hpp"
#include "server/sealing/sealing_log.hpp"
#include "storage/log_reader.hpp"
#include "storage/merkle/tile_path.hpp"

#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <cstddef>
#include <optional>
#include <string_view>

namespace mosty::http {

// What auditors from outside fetch: the signed checkpoint, the tree and its proofs, and the entries. Byte
// for byte as C2SP tlog-tiles v0.1.0 says; nothing that the served checkpoint does not cover. And the keys by
// which a reader opens sealed entries for himself.
//
// Threads: any. Trees and entries are read on workers.
class AuditRoutes {
public:
    AuditRoutes(core::Core& core, const sealing::SealingLog& log, const audit::Publisher& publisher,
                boost::asio::thread_pool& workers)
        : core_(core), log_(log.stored()), sealing_(log), publisher_(publisher), workers_(workers) {}

    static bool has(std::string_view path);

    // Who reads, or why nobody does: entries are not for everybody.
    using Reader = Result<ActorId, realtime::Problem>;

    // Answers GET and HEAD of such a path.
    void get(const Request& request, const Reader& reader, Reply reply);

private:
    using Read = std::move_only_function<Response()>;

    void tile(const Request& request, const Reader& reader, Reply reply);
    void entries(const Request& request, const storage::merkle::TilePath& path, const ActorId& reader,
                 Reply reply);
    void inclusion(const Request& request, Reply reply);
    void consistency(const Request& request, Reply reply);
    void evidence(const Request& request, const Reader& reader, Reply reply);
    // Runs it on a worker, unless too many wait there.
    void on_worker(Read read, Reply reply);

    core::Core& core_;
    const storage::LogReader& log_; // as it is stored
    const sealing::SealingLog& sealing_;
    const audit::Publisher& publisher_;
    boost::asio::thread_pool& workers_;
    std::atomic<std::size_t> waiting_ = 0;
    std::atomic<std::size_t> bundles_ = 0; // being made
};

} // namespace mosty::http
