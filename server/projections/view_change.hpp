#pragma once

#include <boost/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace mosty::projections {

// One merge patch (RFC 7396) being written, applied to the view as it grows. Only differences are
// written; an object is never replaced but merged, a member gone is a null.
//
// Applying the finished patch to the view as it was gives the view as it is, the order of members too.
// Each member is set or erased at most once. The view outlives the change.
class ViewChange {
public:
    explicit ViewChange(boost::json::object& view) : view_(view) {
        patch_.reserve(384);
        patch_ = "{";
    }

    const boost::json::object& view() const { return view_; }

    void set(std::string_view member, std::string_view text);
    void set(std::string_view member, const char* text) { set(member, std::string_view(text)); }
    void set(std::string_view member, std::int64_t number);
    void set(std::string_view member, boost::json::value wanted);
    void set_flag(std::string_view member, bool flag) { set(member, boost::json::value(flag)); }
    void erase(std::string_view member);

    // The same one level down: in the object `parent`, which is made when it is absent.
    void set_in(std::string_view parent, std::string_view member, boost::json::value wanted);
    void erase_in(std::string_view parent, std::string_view member);

    // The view's {"at","actor","position"} of its last event.
    void set_changed(std::string_view at, std::string_view actor, std::int64_t position);

    // Writes what sets every member named in `members` to its value in `wanted`, erasing those that
    // `wanted` does not have.
    template <class Names>
    void become(boost::json::object wanted, const Names& members) {
        for (const std::string_view member : members) {
            if (auto* value = wanted.if_contains(member))
                set(member, std::move(*value));
            else
                erase(member);
        }
    }

    bool empty() const { return patch_.size() == 1; }

    // The patch. The change is over.
    std::string finish() && {
        patch_ += '}';
        return std::move(patch_);
    }

private:
    boost::json::object& view_;
    std::string patch_;
};

// Applies a merge patch to an object, as every client does.
void apply_patch(boost::json::object& target, const boost::json::object& patch);

} // namespace mosty::projections
