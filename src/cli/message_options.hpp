#pragma once

namespace CLI {
class App;
}

namespace balse::cli {

/// --log-file, --log-format, --quiet and --strict, of every command that does something. After its
/// own options: where it has a --strict of its own, that is this one as well.
void declare_messages(CLI::App& app);

/// Does what they say, once they are parsed. Throws Error: usage where the log would go into a file
/// that another option names, and see open_log_file().
void start_messages(const CLI::App& app);

}  // namespace balse::cli
