#pragma once

#include <csignal>

namespace balse {

/// The signals that end a process and are sent by somebody, not by its own mistakes: by a terminal,
/// a shell, timeout(1), a limit of processor time.
inline constexpr int kEndingSignals[] = {SIGINT,  SIGTERM, SIGHUP,  SIGPIPE,   SIGQUIT, SIGXCPU,
                                         SIGALRM, SIGUSR1, SIGUSR2, SIGVTALRM, SIGPROF, SIGIO};

}  // namespace balse
