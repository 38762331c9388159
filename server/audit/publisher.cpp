#include "server/audit/publisher.hpp"

#include "server/audit/add_checkpoint.hpp"
#include "storage/merkle/tree.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace mosty::audit {
namespace asio = boost::asio;

Publisher::Publisher(asio::io_context& context, const storage::LogReader& log, CheckpointKeeper keeper,
                     Options options, PostToWitness post, core::Metrics& metrics,
                     std::function<void(const std::string&)> on_fault)
    : context_(context), log_(log), keeper_(std::move(keeper)), options_(std::move(options)),
      post_(std::move(post)), metrics_(metrics), on_fault_(std::move(on_fault)), sign_timer_(context),
      show_timer_(context) {
    for (const VerifierKey& key : options_.witnesses)
        witnesses_.push_back(
            std::make_unique<Witness>(Witness{WitnessDialogue(key), false, asio::steady_timer(context)}));
}

Result<void, std::string> Publisher::start() {
    const auto first = keeper_.sign(log_.size());
    if (!first)
        return std::unexpected(first.error().sentence);
    size_ = first->checkpoint.size;
    head_ =
        std::make_shared<Head>(Head{*first, std::vector<std::optional<Signature>>(witnesses_.size()), false});
    show();
    asio::post(context_, [this] {
        for (std::size_t i = 0; i < witnesses_.size(); ++i)
            ask(i);
    });
    return {};
}

void Publisher::grown(Size size) {
    size_.store(size, std::memory_order_relaxed);
    if (!is_signing_due_.exchange(true))
        asio::post(context_, [this] { sign_soon(); });
}

// After the pause since the last one, and not before that one is shown.
void Publisher::sign_soon() {
    if (stopped_)
        return;
    sign_timer_.expires_at(std::max(sign_timer_.expiry() + options_.pause, std::chrono::steady_clock::now()));
    sign_timer_.async_wait([this](boost::system::error_code error) {
        if (!error && !stopped_)
            sign();
    });
}

void Publisher::sign() {
    signs_when_shown_ = !head_->is_shown;
    if (signs_when_shown_)
        return;
    is_signing_due_.exchange(false); // first: what grows from here on is due again
    if (!options_.name_size)
        return sign_at(size_.load());
    options_.name_size([this](Size size) { asio::post(context_, [this, size] { sign_at(size); }); });
}

void Publisher::sign_at(Size size) {
    signs_when_shown_ = !head_->is_shown;
    if (stopped_ || signs_when_shown_)
        return;
    auto next = keeper_.sign(size);
    if (!next)
        return on_fault_(next.error().sentence);
    if (next->checkpoint == head_->checkpoint.checkpoint)
        return;
    metrics_.checkpoints_signed.Increment();
    head_ = std::make_shared<Head>(
        Head{std::move(*next), std::vector<std::optional<Signature>>(witnesses_.size()), false});
    if (options_.quorum == 0) {
        show();
    } else {
        show_timer_.expires_after(options_.quorum_wait);
        show_timer_.async_wait([this, head = head_](boost::system::error_code error) {
            if (!error && head == head_ && !head->is_shown)
                show();
        });
    }
    for (std::size_t i = 0; i < witnesses_.size(); ++i)
        ask(i);
}

std::size_t Publisher::cosignatures() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        head_->cosignatures, [](const auto& cosignature) { return cosignature.has_value(); }));
}

void Publisher::show() {
    Note note = head_->checkpoint.note;
    for (const auto& cosignature : head_->cosignatures)
        if (cosignature)
            note.signatures.push_back(*cosignature);
    const std::shared_ptr<const Published> published = std::make_shared<const Published>(
        Published{head_->checkpoint.checkpoint, format_note(note), cosignatures()});
    head_->is_shown = true;
    std::atomic_store(&newest_, published);
    metrics_.checkpoint_size.Set(static_cast<double>(published->checkpoint.size));
    if (published->cosignatures >= options_.quorum) {
        std::atomic_store(&cosigned_, published);
        metrics_.cosigned_size.Set(static_cast<double>(published->checkpoint.size));
    }
    if (std::exchange(signs_when_shown_, false))
        asio::post(context_, [this] {
            if (!stopped_)
                sign();
        });
}

void Publisher::ask(std::size_t index) {
    Witness& witness = *witnesses_[index];
    if (witness.is_asked || stopped_ || head_->cosignatures[index])
        return;
    witness.is_asked = true;
    const SignedCheckpoint asked = head_->checkpoint;
    const Size known = witness.dialogue.known_size();
    if (known > asked.checkpoint.size)
        return take(index, asked, witness.dialogue.is_ahead(asked.checkpoint.size));
    const auto proof = storage::merkle::consistency_proof(log_, known, asked.checkpoint.size);
    if (!proof)
        return on_fault_("the tree cannot be read: " + proof.error().reason);
    post_(index, format_add_checkpoint(known, *proof, format_note(asked.note)),
          [this, index, asked](const WitnessAnswer& answer) {
              take(index, asked, witnesses_[index]->dialogue.take(asked, answer));
          });
}

void Publisher::take(std::size_t index, const SignedCheckpoint& asked, WitnessDialogue::Verdict verdict) {
    Witness& witness = *witnesses_[index];
    const std::string& name = witness.dialogue.key().name();
    witness.is_asked = false;
    if (auto* failed = std::get_if<WitnessDialogue::Failed>(&verdict)) {
        metrics_.witness_failures.Increment();
        if (failed->is_news)
            spdlog::warn("witness {} does not cosign: {}", name, failed->reason);
        witness.is_asked = true;
        witness.pause.expires_after(failed->pause);
        witness.pause.async_wait([this, index](boost::system::error_code error) {
            witnesses_[index]->is_asked = false;
            if (!error)
                ask(index);
        });
        return;
    }
    if (auto* cosigned = std::get_if<WitnessDialogue::Cosigned>(&verdict)) {
        metrics_.cosignatures.Increment();
        if (asked.checkpoint == head_->checkpoint.checkpoint) {
            head_->cosignatures[index] = std::move(cosigned->signature);
            if (head_->is_shown || cosignatures() >= options_.quorum)
                show();
        }
    }
    ask(index); // again after a conflict, or the head that was signed meanwhile
}

void Publisher::stop() {
    if (std::exchange(stopped_, true))
        return;
    sign_timer_.cancel();
    show_timer_.cancel();
    for (const auto& witness : witnesses_)
        witness->pause.cancel();
    if (auto last = keeper_.sign(log_.size()); !last)
        spdlog::error("the last checkpoint could not be signed: {}", last.error().sentence);
}

} // namespace mosty::audit
