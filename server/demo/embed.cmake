# Writes scenario.json as a C++ source, to be run at build time:
#   cmake -DINPUT=scenario.json -DOUTPUT=scenario_text.cpp -P embed.cmake

file(READ "${INPUT}" bytes HEX)
string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
string(REGEX REPLACE "(................................................................................)"
       "\\1\n    " bytes "${bytes}")

file(WRITE "${OUTPUT}" "#include \"server/demo/scenario.hpp\"

namespace mosty::demo {

namespace {

constexpr unsigned char bytes[] = {
    ${bytes}
};

} // namespace

std::string_view scenario_text() { return {reinterpret_cast<const char*>(bytes), sizeof bytes}; }

} // namespace mosty::demo
")
