#pragma once

#include "storage/view_store.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace mosty::storage {

// A view store in memory, for tests and simulations. Writing after a snapshot was taken copies the
// whole store once, so that the snapshot never changes.
class MemoryViewStore final : public ViewStore {
public:
    MemoryViewStore();

    Result<void, ReadError> write(const ViewBatch& batch) override;
    std::shared_ptr<const Snapshot> snapshot() const override;
    Size applied() const override;
    Result<void, ReadError> flush() override;

private:
    struct State {
        std::map<std::string, std::string, std::less<>> values;
        Size applied = 0;
    };
    class StateSnapshot;

    mutable std::mutex mutex_;
    std::shared_ptr<State> state_;
    mutable bool shared_ = false; // a snapshot has seen state_, so it must not change any more
};

} // namespace mosty::storage
