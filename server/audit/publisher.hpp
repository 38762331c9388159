#pragma once

#include "server/audit/keeper.hpp"
#include "server/audit/witness_dialogue.hpp"
#include "server/core/metrics.hpp"
#include "storage/log_reader.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mosty::audit {

// A checkpoint as it is served.
struct Published {
    Checkpoint checkpoint;
    std::string note; // with the log's signature and the cosignatures that came
    std::size_t cosignatures = 0;
};

// Posts a body to a witness' /add-checkpoint and calls back once, on the publisher's thread, with the answer
// or why there is none. It ends within a few seconds whatever the witness does.
using PostToWitness = std::function<void(std::size_t witness, std::string body,
                                         std::move_only_function<void(WitnessAnswer)> callback)>;

// Signs the log's newest head soon after it grew, has it cosigned, and keeps what is to be served.
//
// At most five times a second. With witnesses, a checkpoint is shown when a quorum of them cosigned it or
// 250 ms have passed; what comes later is added while it is the newest. So an entry is covered at most
// 0.5 s and two disk syncs after it was acknowledged, whatever the witnesses do.
//
// Threads: on those of its context, one; grown(), newest() and cosigned() from any.
class Publisher {
public:
    struct Options {
        std::vector<VerifierKey> witnesses;
        std::size_t quorum = 0; // how many of them make a checkpoint `cosigned`; 0: nobody is waited for
        std::chrono::milliseconds pause{200};
        std::chrono::milliseconds quorum_wait{250};
        // Names the size to sign, once, on any thread, and never one below another that it named; so that
        // what is kept beside each checkpoint is of its size. Nothing: the newest size told.
        std::function<void(std::move_only_function<void(Size)>)> name_size;
    };

    Publisher(boost::asio::io_context& context, const storage::LogReader& log, CheckpointKeeper keeper,
              Options options, PostToWitness post, core::Metrics& metrics,
              std::function<void(const std::string& reason)> on_fault);

    // Signs what the log holds now and publishes it. Before anybody asks; the thread may run or not.
    Result<void, std::string> start();

    // The log has so many durable entries.
    void grown(Size size);

    // Signs the last of it, and nothing after that.
    void stop();

    // Never null once started.
    std::shared_ptr<const Published> newest() const { return std::atomic_load(&newest_); }
    // The newest that a quorum cosigned, and the newest of all when none is asked for; null while there is
    // none.
    std::shared_ptr<const Published> cosigned() const { return std::atomic_load(&cosigned_); }

    const VerifierKey& key() const { return keeper_.key(); }

private:
    struct Witness {
        WitnessDialogue dialogue;
        bool is_asked = false; // a request is under way, or a pause
        boost::asio::steady_timer pause;
    };
    // The head that was signed last, with what came for it.
    struct Head {
        SignedCheckpoint checkpoint;
        std::vector<std::optional<Signature>> cosignatures; // by witness
        bool is_shown = false;
    };

    void sign_soon();
    void sign();
    void sign_at(Size size);
    void show();
    void ask(std::size_t index);
    void take(std::size_t index, const SignedCheckpoint& asked, WitnessDialogue::Verdict verdict);
    std::size_t cosignatures() const;

    boost::asio::io_context& context_;
    const storage::LogReader& log_;
    CheckpointKeeper keeper_;
    const Options options_;
    const PostToWitness post_;
    core::Metrics& metrics_;
    const std::function<void(const std::string&)> on_fault_;

    std::vector<std::unique_ptr<Witness>> witnesses_;
    std::shared_ptr<Head> head_;
    boost::asio::steady_timer sign_timer_;
    boost::asio::steady_timer show_timer_;
    bool signs_when_shown_ = false;
    bool stopped_ = false;

    std::atomic<Size> size_ = 0;
    std::atomic<bool> is_signing_due_ = false;
    // Read and written by std::atomic_load and atomic_store alone: libstdc++ 12's atomic<shared_ptr> orders
    // its reads too weakly.
    std::shared_ptr<const Published> newest_;
    std::shared_ptr<const Published> cosigned_;
};

} // namespace mosty::audit
