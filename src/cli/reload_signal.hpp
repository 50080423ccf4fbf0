#pragma once

namespace balse::cli {

/// From now on SIGHUP asks for files to be opened anew, instead of ending the process; also where
/// the caller ignores it, as nohup does.
void catch_reload_signal();

/// Whether it has come since the last call.
bool take_reload_signal();

}  // namespace balse::cli
