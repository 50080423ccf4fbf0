# What makes a mistake of ours, or of a decoder, harder to abuse: checked in the binaries by tests/packaging/test_hardening.sh.
# Sanitizers bring checks of their own and do not go with some of these.
if(NOT BALSE_SANITIZE)
  include(CheckPIESupported)
  check_pie_supported()
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
  target_compile_options(balse_options INTERFACE -fstack-protector-strong -fstack-clash-protection)
  # Of the release build alone: glibc wants optimisation for it. The standard library's assertions are checks of
  # operator[] and the like: not in the rooms that reckon (balse_reckoning), where they take 4% of the time; all else of
  # this together takes less than what can be measured.
  # Both as options, in this order: definitions go before options, and would be taken back.
  target_compile_options(balse_options INTERFACE
                         "$<$<CONFIG:Release>:SHELL:-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2>")
  target_compile_definitions(balse_options INTERFACE $<$<CONFIG:Release>:_GLIBCXX_ASSERTIONS>)
  # Addresses of functions are written once, at the start, and read-only from then on.
  target_link_options(balse_options INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    # Indirect jumps land on marked places, returns are compared with a second stack, where processor and kernel do that.
    # Debian's start files have no such mark, so the linker is told that all else has.
    target_compile_options(balse_options INTERFACE -fcf-protection=full)
    target_link_options(balse_options INTERFACE -Wl,-z,ibt,-z,shstk)
  endif()
endif()
