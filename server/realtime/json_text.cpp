#include "server/realtime/json_text.hpp"

#include "domain/codec/json_writer.hpp"

namespace mosty::realtime {
namespace {

void open_member(std::string& out, std::string_view name) {
    if (!out.empty() && out.back() != '{')
        out += ',';
    out += '"';
    out += name;
    out += "\":";
}

} // namespace

void append_member(std::string& out, std::string_view name, std::string_view text) {
    open_member(out, name);
    codec::append_string(out, text);
}

void append_member(std::string& out, std::string_view name, unsigned long long number) {
    open_member(out, name);
    codec::append_integer(out, static_cast<std::int64_t>(number));
}

} // namespace mosty::realtime
