#pragma once

#include <filesystem>

namespace mosty::storage {

// Brings what was just written back to how earlier versions wrote it.

// A mark of version 1: no root.
void make_mark_without_root(const std::filesystem::path& mark_file);

// A closed log of format 1, with its mark: no tree.
void make_log_without_tree(const std::filesystem::path& data_dir);

} // namespace mosty::storage
