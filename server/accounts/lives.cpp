#include "server/accounts/lives.hpp"

#include <functional>
#include <utility>

namespace mosty::accounts {
namespace {

std::shared_ptr<access::Life> found_in(const Lives::Shelf* shelf, const std::string& key) {
    if (!shelf)
        return nullptr;
    const auto found = shelf->find(key);
    return found == shelf->end() ? nullptr : found->second;
}

std::shared_ptr<Lives::Shelf> copy_of(const Lives::Shelf* shelf) {
    return shelf ? std::make_shared<Lives::Shelf>(*shelf) : std::make_shared<Lives::Shelf>();
}

} // namespace

std::size_t Lives::place_of(const std::string& key) {
    return std::hash<std::string>{}(key) % shelves_count;
}

std::shared_ptr<access::Life> Lives::find(const std::string& key) const {
    return found_in(std::atomic_load(&shelves_[place_of(key)]).get(), key);
}

std::shared_ptr<access::Life> Lives::keep(const std::string& key, std::shared_ptr<access::Life> made) {
    auto& place = shelves_[place_of(key)];
    Shared shelf = std::atomic_load(&place);
    while (true) {
        if (auto found = found_in(shelf.get(), key))
            return found;
        auto next = copy_of(shelf.get());
        next->emplace(key, made);
        if (std::atomic_compare_exchange_strong(&place, &shelf, Shared(std::move(next))))
            return made;
    }
}

void Lives::forget(const std::string& key) {
    auto& place = shelves_[place_of(key)];
    Shared shelf = std::atomic_load(&place);
    while (found_in(shelf.get(), key)) {
        auto next = copy_of(shelf.get());
        next->erase(key);
        if (std::atomic_compare_exchange_strong(&place, &shelf, Shared(std::move(next))))
            return;
    }
}

Lives::Shelf Lives::all() const {
    Shelf all;
    for (const auto& place : shelves_)
        if (const Shared shelf = std::atomic_load(&place))
            all.insert(shelf->begin(), shelf->end());
    return all;
}

} // namespace mosty::accounts
