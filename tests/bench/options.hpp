#pragma once

#include "tests/bench/measure.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace mosty::bench {

// `--name value` pairs; asking for one that was not given is answered with the default.
class Options {
public:
    Options(int argc, char** argv, int first) {
        for (int i = first; i < argc; i += 2) {
            const std::string_view name = argv[i];
            if (!name.starts_with("--") || i + 1 == argc)
                give_up("options are pairs: --name value");
            given_[std::string{name.substr(2)}] = argv[i + 1];
        }
    }

    std::string text(const std::string& name, std::string otherwise = {}) const {
        const auto found = given_.find(name);
        return found == given_.end() ? std::move(otherwise) : found->second;
    }

    std::int64_t number(const std::string& name, std::int64_t otherwise) const {
        const auto found = given_.find(name);
        return found == given_.end() ? otherwise : std::strtoll(found->second.c_str(), nullptr, 10);
    }

    double seconds(double otherwise) const {
        const auto found = given_.find("seconds");
        return found == given_.end() ? otherwise : std::strtod(found->second.c_str(), nullptr);
    }

private:
    std::map<std::string, std::string> given_;
};

} // namespace mosty::bench
