#include "domain/base/invariant.hpp"
#include "server/projections/document.hpp"
#include "server/projections/feed.hpp"
#include "server/projections/json_text.hpp"
#include "server/projections/keys.hpp"
#include "server/projections/past.hpp"
#include "server/projections/proposal_figures.hpp"
#include "server/projections/related.hpp"
#include "server/projections/row_list.hpp"
#include "server/projections/rows.hpp"
#include "server/projections/topic_kind.hpp"

#include <algorithm>
#include <optional>
#include <ranges>
#include <utility>

// Rows of the past are made again from their entities' views as of then. Storing each row again with every
// event would cost every edit as much as its patch.
namespace mosty::projections {
namespace {

namespace json = boost::json;
using Snapshot = storage::ViewStore::Snapshot;
using storage::KeyValue;
using storage::Order;
using storage::ReadError;

struct Member {
    std::string order;
    std::string id;
};

// Those who are members now, and those who have been, below an order, greatest first.
class Members {
public:
    Members(const Snapshot& snapshot, std::string_view topic, std::string_view below)
        : now_{snapshot, keys::members(topic), std::string(below)},
          left_{snapshot, keys::left_members(topic), std::string(below)} {}

    Result<std::optional<Member>, ReadError> next() {
        const auto now = now_.peek();
        const auto left = left_.peek();
        if (!now || !left)
            return std::unexpected(now ? left.error() : now.error());
        if (!*now && !*left)
            return std::nullopt;
        const std::string order = std::max(now_.order(), left_.order());
        Member member{order, {}};
        for (Source* source : {&now_, &left_}) // one that came back is in both
            if (source->order() == order)
                member.id = source->take();
        return member;
    }

private:
    struct Source {
        static constexpr std::size_t at_once = 128;

        const Snapshot& snapshot;
        const std::string prefix;
        std::string below;
        std::vector<KeyValue> read{};
        std::size_t at = 0;
        bool ends = false;

        // Whether there is another.
        Result<bool, ReadError> peek() {
            while (at == read.size() && !ends) {
                auto found = snapshot.scan(prefix, below, at_once, Order::descending);
                if (!found)
                    return std::unexpected(found.error());
                ends = found->size() < at_once;
                read = std::move(*found);
                at = !read.empty() && read.front().key.substr(prefix.size()) == below ? 1 : 0;
                if (!read.empty())
                    below = read.back().key.substr(prefix.size());
            }
            return at < read.size();
        }
        std::string order() const {
            return at < read.size() ? read[at].key.substr(prefix.size()) : std::string();
        }
        std::string take() { return std::move(read[at++].value); }
    };

    Source now_;
    Source left_;
};

bool is_partner(const json::object& proposal, std::string_view municipality) {
    const auto* partners = proposal.if_contains("partners");
    return partners != nullptr && partners->as_object().contains(municipality);
}

std::string past_proposal_row(Entity& entity) {
    const json::object& view = entity.document.value;
    entity.some_figure_invented = has_invented_figure(view);
    entity.row_body = proposal_row_body(entity);
    const json::object& changed = view.at("changed").as_object();
    const std::string size = std::to_string(changed.at("position").as_int64() + 1);
    return proposal_row(
        entity, {size, text_of(changed, "at"), text_of(changed, "actor"), view.at("revision").as_int64()});
}

// The row of a member as of then; nothing when it was not in the list.
Result<std::optional<std::string>, ReadError> past_row(const Snapshot& snapshot, std::string_view list,
                                                       std::string_view scope, Member member, Size at) {
    Entity entity;
    entity.topic = std::string(list.substr(0, list.size() - 1)).append(1, '/').append(member.id);
    entity.order = std::move(member.order);
    auto document = read_document(snapshot, entity.topic, at);
    if (!document)
        return std::unexpected(document.error());
    entity.document = std::move(*document);
    MOSTY_INVARIANT(!entity.is_new(), "a row stands at the position of its entity's first event");
    if (list == "visits")
        return visit_row(entity, entity.document.size);
    if (list == "proposals") {
        if (scope != "all" && !is_partner(entity.document.value, scope))
            return std::nullopt;
        return past_proposal_row(entity);
    }
    auto related = read_related(snapshot, member.id, at);
    if (!related)
        return std::unexpected(related.error());
    entity.related = std::move(related->value);
    return partnership_row(entity, std::max(entity.document.size, related->size));
}

Result<ListPage, ReadError> past_feed(const Snapshot& snapshot, std::string_view topic, Size at,
                                      std::string_view below, std::size_t limit) {
    const auto total = feed_total(snapshot, topic, at);
    if (!total)
        return std::unexpected(total.error());
    auto window = read_feed_rows(snapshot, topic, below, limit);
    if (!window)
        return std::unexpected(window.error());
    return ListPage{*total, std::move(window->rows), std::move(window->next)};
}

} // namespace

bool has_past(std::string_view topic) {
    return kind_of(topic) == TopicKind::list && topic.contains('/');
}

Result<ListPage, ReadError> list_page_as_of(const Snapshot& snapshot, std::string_view topic, Size at,
                                            std::string_view before, std::size_t limit) {
    MOSTY_INVARIANT(at <= snapshot.applied(), "nobody asks for the future");
    if (!has_past(topic))
        return ListPage{};
    // What stands at a position was recorded there: later rows were not there yet.
    std::string below = order_of(at);
    if (!before.empty() && before < below)
        below = before;
    if (topic.starts_with("feed/"))
        return past_feed(snapshot, topic, at, below, limit);

    const auto list = read_row_list(snapshot, topic, at);
    if (!list)
        return std::unexpected(list.error());
    ListPage page{list->total, {}, {}};
    const std::string_view name = topic.substr(0, topic.find('/'));
    const std::string_view scope = topic.substr(name.size() + 1);
    std::string last;
    for (Members members(snapshot, topic, below);;) {
        auto member = members.next();
        if (!member)
            return std::unexpected(member.error());
        if (!*member)
            return page;
        const std::string order = (*member)->order;
        auto row = past_row(snapshot, name, scope, std::move(**member), at);
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            continue;
        if (page.rows.size() == limit) {
            page.next = last;
            return page;
        }
        page.rows.push_back(std::move(**row));
        last = order;
    }
}

} // namespace mosty::projections
