#pragma once

#include "server/config/command_line.hpp"

// The tasks on a folder. They work beside a running server, and each returns the process' exit code.
namespace mosty::tools {

// Takes the registers in and prints progress, bad rows by line, and a summary. 0: all rows are in or
// reported; 1: something stopped it, and the same command goes on where it stopped.
int import_registers(const config::Import& task);

// Invites somebody, through the server when one runs, and prints the link. 0, or 1 when that cannot be.
int invite(const config::Invite& task);

// Prints the entries' bytes, one a line. 0, or 2 when the folder cannot be read.
int print_events(const config::Events& task);

// Checks the whole folder and prints what is wrong and where. 0: sound; 1: not; 2: cannot be read.
int verify_folder(const config::Verify& task);

// Prints what the log gives as of then, or compares the folder's views with it. 0; 1: they differ; 2: it
// cannot be read, or was asked for what there is not.
int replay(const config::Replay& task);

// Prints what of a damaged log is whole and proven, and writes that into a new folder when one is named. 0:
// nothing is lost or damaged; 1: something is; 2: it cannot be told or written.
int repair_folder(const config::Repair& task);

// Watches logs and cosigns their checkpoints until SIGTERM or SIGINT. 0 after that, 1 when it could not
// start.
int run_witness(const config::Witness& task);

// Brings a backup up to the log, beside a running server too. 0: done; 1: the log or the backup is damaged or
// of another history; 2: something cannot be read or written. On 1 and 2 the backup is what it was.
int back_up(const config::Backup& task);

// Checks a backup and makes a data folder of it; without `data` it only checks. 0: done; 1: the backup is
// damaged, or lacks what a checkpoint proves; 2: something cannot be read or written.
int restore_folder(const config::Restore& task);

// Prints a bundle of evidence. 0, or 2 when it cannot be made.
int print_evidence(const config::Evidence& task);

// Checks such a bundle. 0: it verifies; 1: it does not; 2: it cannot be read.
int verify_bundle(const config::VerifyBundle& task);

// Checks that every key of the folder unwraps and none is missing, or wraps all of them by a new master key.
// 0: done; 1: a key is missing; 2: it cannot be read or written.
int work_on_keys(const config::Keys& task);

} // namespace mosty::tools
