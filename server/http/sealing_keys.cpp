#include "server/http/sealing_keys.hpp"

#include "domain/codec/json_writer.hpp"
#include "domain/domain.hpp"
#include "server/audit/base64.hpp"
#include "server/http/parameters.hpp"
#include "server/http/site.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace mosty::http {
namespace {

using realtime::Problem;
using Names = std::set<std::string, std::less<>>;

constexpr std::size_t name_bytes_max = 64;

bool is_name(std::string_view text) {
    return text.starts_with("k-") && text.size() <= name_bytes_max &&
           std::ranges::all_of(text.substr(2), [](char letter) {
               return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
           });
}

// The names between commas; nothing when one of them is none, or there are too many.
std::optional<Names> names_in(std::string_view list) {
    Names names;
    for (std::size_t begin = 0; begin <= list.size();) {
        const std::size_t end = std::min(list.find(',', begin), list.size());
        const std::string_view name = list.substr(begin, end - begin);
        if (!is_name(name))
            return std::nullopt;
        names.emplace(name);
        begin = end + 1;
    }
    return names.size() <= asked_keys_max ? std::optional(std::move(names)) : std::nullopt;
}

// Asks for one stream after the other whether the reader may read its events, and answers with the keys of
// those.
class KeyRing : public std::enable_shared_from_this<KeyRing> {
public:
    KeyRing(core::Core& core, std::shared_ptr<const sealing::Keys> keys, const Names& names, ActorId reader,
            Reply reply)
        : core_(core), keys_(std::move(keys)), reader_(std::move(reader)), reply_(std::move(reply)) {
        for (const std::string& name : names)
            if (const sealing::DataKey* key = keys_->find(name))
                if (domain::kind_of(StreamId(key->owner))) // what is of one place and audience is no stream
                    by_stream_[key->owner].push_back(key);
        next_ = by_stream_.begin();
    }

    void ask() {
        if (next_ == by_stream_.end())
            return answer();
        core::EventsQuestion question;
        question.filter.stream = next_->first;
        core_.refuse(reader_, std::move(question),
                     [self = shared_from_this()](const std::optional<Problem>& problem) {
                         self->hear(problem.has_value());
                     });
    }

private:
    void hear(bool is_refused) {
        next_ = is_refused ? by_stream_.erase(next_) : std::next(next_);
        ask();
    }

    void answer() {
        std::string body = R"({"keys":{)";
        for (const auto& [stream, keys] : by_stream_)
            for (const sealing::DataKey* key : keys) {
                if (body.back() != '{')
                    body += ',';
                codec::append_string(body, key->name);
                body += key->key ? ":\"" + audit::encode_base64(key->key->bytes()) + '"' : ":null";
            }
        reply_({200, "application/json", body + "}}", {{"Cache-Control", "no-store"}}});
    }

    core::Core& core_;
    const std::shared_ptr<const sealing::Keys> keys_;
    const ActorId reader_;
    Reply reply_;
    std::map<std::string, std::vector<const sealing::DataKey*>> by_stream_;
    decltype(by_stream_)::iterator next_;
};

} // namespace

void answer_keys(core::Core& core, const sealing::SealingLog& log, const Request& request,
                 const ActorId& reader, Reply reply) {
    Parameters parameters(request);
    const auto names = names_in(parameters.text("name"));
    if (!names)
        parameters.note("name", fmt::format("“name” must be up to {} names of keys, with commas between.",
                                            asked_keys_max));
    if (const auto mistake = parameters.mistake())
        return reply(problem_response(*mistake));
    std::make_shared<KeyRing>(core, log.keys(), *names, reader, std::move(reply))->ask();
}

} // namespace mosty::http
