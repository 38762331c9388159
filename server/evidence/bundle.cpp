#include "server/evidence/bundle.hpp"

#include "domain/codec/json_writer.hpp"
#include "server/audit/base64.hpp"
#include "server/audit/checkpoint.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <initializer_list>
#include <optional>
#include <set>

namespace mosty::evidence {
namespace {

namespace dom = simdjson::dom;
using storage::merkle::Hash;

void append_member(std::string& out, std::string_view name, std::string_view text) {
    if (out.back() != '{')
        out += ',';
    codec::append_string(out, name);
    out += ':';
    codec::append_string(out, text);
}

void append_member(std::string& out, std::string_view name, std::uint64_t number) {
    if (out.back() != '{')
        out += ',';
    codec::append_string(out, name);
    out += fmt::format(":{}", number);
}

void append_events(std::string& out, const std::vector<BundledEvent>& events) {
    out += ",\"events\":[";
    for (const BundledEvent& event : events) {
        if (out.back() != '[')
            out += ',';
        out += '{';
        append_member(out, "position", event.position);
        append_member(out, "entry", event.entry);
        out += '}';
    }
    out += ']';
}

void append_keys(std::string& out, const std::map<std::string, BundledKey, std::less<>>& keys) {
    if (keys.empty())
        return;
    out += ",\"keys\":{";
    for (const auto& [name, key] : keys) {
        if (out.back() != '{')
            out += ',';
        codec::append_string(out, name);
        out += ':';
        if (key)
            codec::append_string(out, audit::encode_base64(key->bytes()));
        else
            out += "null";
    }
    out += '}';
}

void append_nodes(std::string& out, const std::vector<Hash>& nodes) {
    out += ",\"nodes\":[";
    for (const Hash& node : nodes) {
        if (out.back() != '[')
            out += ',';
        codec::append_string(out, audit::format_hash(node));
    }
    out += ']';
}

void append_content(std::string& out, const Content& content) {
    out += ",\"content\":{\"proposal\":" + content.proposal + ",\"texts\":{";
    for (const auto& [section, text] : content.texts) {
        if (out.back() != '{')
            out += ',';
        codec::append_string(out, section);
        out += fmt::format(":{{\"revision\":{},\"content\":{}}}", text.revision, text.content);
    }
    out += "}}";
}

// Where a member is named twice, at any depth; nothing when none is.
std::optional<std::string> find_repeated(dom::element element) {
    if (dom::object object; element.get(object) == simdjson::SUCCESS) {
        std::set<std::string_view> names;
        for (const auto member : object) {
            if (!names.insert(member.key).second)
                return std::string(member.key);
            if (auto repeated = find_repeated(member.value))
                return repeated;
        }
    } else if (dom::array array; element.get(array) == simdjson::SUCCESS) {
        for (const dom::element each : array)
            if (auto repeated = find_repeated(each))
                return repeated;
    }
    return std::nullopt;
}

// Reads members by name; the first fault is remembered.
class Reader {
public:
    explicit Reader(std::string& fault) : fault_(fault) {}

    // Whether the element is an object with these members and, if at all, the optional ones.
    bool open(dom::element element, std::string_view what, std::initializer_list<std::string_view> names,
              std::initializer_list<std::string_view> optional = {}) {
        if (element.get(object_) != simdjson::SUCCESS)
            return note(fmt::format("{} is no object", what));
        std::size_t known = 0;
        for (const auto member : object_) {
            const bool is_named = std::ranges::find(names, member.key) != names.end();
            if (!is_named && std::ranges::find(optional, member.key) == optional.end())
                return note(fmt::format("{} has a member {:?} that nobody knows", what, member.key));
            known += is_named ? 1 : 0;
        }
        if (known != names.size())
            return note(fmt::format("{} lacks a member", what));
        return true;
    }

    bool has(std::string_view name) const { return object_.at_key(name).error() == simdjson::SUCCESS; }
    dom::element element(std::string_view name) const { return object_.at_key(name).value_unsafe(); }

    void text(std::string_view name, std::string& out) {
        std::string_view view;
        if (object_.at_key(name).get(view) != simdjson::SUCCESS)
            note(fmt::format("{:?} is no text", name));
        else
            out = view;
    }

    void number(std::string_view name, std::uint64_t& out) {
        if (object_.at_key(name).get(out) != simdjson::SUCCESS || out > (1ull << 53))
            note(fmt::format("{:?} is no whole number up to 2^53", name));
    }

    dom::array list(std::string_view name) {
        dom::array array;
        if (object_.at_key(name).get(array) != simdjson::SUCCESS)
            note(fmt::format("{:?} is no list", name));
        return array;
    }

    bool note(std::string fault) {
        if (fault_.empty())
            fault_ = std::move(fault);
        return false;
    }

private:
    std::string& fault_;
    dom::object object_;
};

void read_events(Reader& bundle, std::string& fault, std::vector<BundledEvent>& events) {
    for (const dom::element each : bundle.list("events")) {
        Reader reader(fault);
        if (!reader.open(each, "an event", {"position", "entry"}))
            return;
        BundledEvent event;
        reader.number("position", event.position);
        reader.text("entry", event.entry);
        events.push_back(std::move(event));
    }
}

void read_nodes(Reader& bundle, std::vector<Hash>& nodes) {
    for (const dom::element each : bundle.list("nodes")) {
        std::string_view text;
        const auto hash = each.get(text) == simdjson::SUCCESS ? audit::parse_hash(text) : std::nullopt;
        if (!hash) {
            bundle.note(fmt::format("node {} is no hash in base 64", nodes.size()));
            return;
        }
        nodes.push_back(*hash);
    }
}

void read_keys(Reader& bundle, std::map<std::string, BundledKey, std::less<>>& keys) {
    dom::object object;
    if (bundle.element("keys").get(object) != simdjson::SUCCESS) {
        bundle.note("\"keys\" is no object");
        return;
    }
    for (const auto member : object) {
        std::string_view text;
        const auto bytes =
            member.value.get(text) == simdjson::SUCCESS ? audit::decode_base64(text) : std::nullopt;
        BundledKey key = bytes ? sealing::Key::from(*bytes) : std::nullopt;
        if (!key && !member.value.is_null()) {
            bundle.note(fmt::format("{:?} is no key in base 64", member.key));
            return;
        }
        keys.emplace(member.key, std::move(key));
    }
}

void read_content(Reader& bundle, std::string& fault, Content& content) {
    Reader reader(fault);
    if (!reader.open(bundle.element("content"), "\"content\"", {"proposal", "texts"}))
        return;
    if (!reader.element("proposal").is_object()) {
        reader.note("\"proposal\" is no object");
        return;
    }
    content.proposal = simdjson::minify(reader.element("proposal"));
    dom::object texts;
    if (reader.element("texts").get(texts) != simdjson::SUCCESS) {
        reader.note("\"texts\" is no object");
        return;
    }
    for (const auto member : texts) {
        Reader text(fault);
        if (!text.open(member.value, "a text", {"revision", "content"}))
            return;
        TextContent read;
        text.number("revision", read.revision);
        text.list("content");
        read.content = simdjson::minify(text.element("content"));
        content.texts.emplace(member.key, std::move(read));
    }
}

} // namespace

std::string to_json(const Bundle& bundle) {
    std::string out;
    std::size_t bytes =
        4'096 + bundle.checkpoint.size() + bundle.nodes.size() * 48 + bundle.content.proposal.size();
    for (const BundledEvent& event : bundle.events)
        bytes += event.entry.size() + event.entry.size() / 4 + 40;
    out.reserve(bytes);
    out += '{';
    append_member(out, "format", bundle_format);
    append_member(out, "origin", bundle.origin);
    append_member(out, "log", bundle.log_id);
    append_member(out, "key", bundle.key);
    append_member(out, "stream", bundle.stream);
    append_member(out, "size", bundle.size);
    append_member(out, "at", bundle.at);
    append_member(out, "checkpoint", bundle.checkpoint);
    append_events(out, bundle.events);
    append_keys(out, bundle.keys);
    append_nodes(out, bundle.nodes);
    append_content(out, bundle.content);
    return out += '}';
}

Result<Bundle, std::string> parse_bundle(std::string_view json) {
    if (json.size() > bundle_bytes_max)
        return std::unexpected(fmt::format("it has more than {} bytes", bundle_bytes_max));
    dom::parser parser(bundle_bytes_max);
    dom::element root;
    if (const auto error = parser.parse(json.data(), json.size()).get(root))
        return std::unexpected(fmt::format("it is no JSON: {}", simdjson::error_message(error)));
    if (const auto repeated = find_repeated(root))
        return std::unexpected(fmt::format("it names {:?} twice in one object", *repeated));

    std::string fault;
    Reader reader(fault);
    if (!reader.open(
            root, "it",
            {"format", "origin", "log", "key", "stream", "size", "checkpoint", "events", "nodes", "content"},
            {"at", "keys"}))
        return std::unexpected(fault);
    Bundle bundle;
    std::string form;
    reader.text("format", form);
    if (form != bundle_format)
        reader.note(fmt::format("its format is {:?}, this program reads {:?}", form, bundle_format));
    reader.text("origin", bundle.origin);
    reader.text("log", bundle.log_id);
    reader.text("key", bundle.key);
    reader.text("stream", bundle.stream);
    reader.number("size", bundle.size);
    bundle.at = bundle.size;
    if (reader.has("at"))
        reader.number("at", bundle.at);
    reader.text("checkpoint", bundle.checkpoint);
    read_events(reader, fault, bundle.events);
    if (reader.has("keys"))
        read_keys(reader, bundle.keys);
    read_nodes(reader, bundle.nodes);
    read_content(reader, fault, bundle.content);
    if (!fault.empty())
        return std::unexpected(std::move(fault));
    return bundle;
}

} // namespace mosty::evidence
