#include "tagging/engine_message.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <unistd.h>

namespace balse {
namespace {

constexpr std::size_t kMaxMessage = std::size_t{1} << 14;
constexpr std::size_t kMaxText = 3000;

struct Head {
  std::uint32_t kind;
  std::uint32_t error;
  std::uint64_t outputs;
  std::uint64_t features;
};

}  // namespace

bool EngineAnswer::send(int channel) const {
  const Head head = {static_cast<std::uint32_t>(kind), static_cast<std::uint32_t>(error), outputs,
                     features};
  std::string message(sizeof head, '\0');
  std::memcpy(message.data(), &head, sizeof head);
  for (const std::string* text : {&parts.file, &parts.found, &parts.expected, &parts.hint}) {
    message += text->substr(0, std::min(text->find('\0'), kMaxText));
    message += '\0';
  }
  // Not send(): the engine may do less than this process.
  return ::write(channel, message.data(), message.size()) == static_cast<ssize_t>(message.size());
}

std::optional<EngineAnswer> EngineAnswer::receive(int channel) {
  std::string message(kMaxMessage, '\0');
  ssize_t size = 0;
  while ((size = ::read(channel, message.data(), message.size())) < 0 && errno == EINTR) {
  }
  Head head = {};
  if (size < static_cast<ssize_t>(sizeof head)) {
    return std::nullopt;
  }
  std::memcpy(&head, message.data(), sizeof head);
  if (head.kind > static_cast<std::uint32_t>(Kind::failure) ||
      head.error > static_cast<std::uint32_t>(ErrorKind::out_of_resources)) {
    return std::nullopt;
  }
  EngineAnswer answer = {.kind = static_cast<Kind>(head.kind),
                         .error = static_cast<ErrorKind>(head.error),
                         .outputs = head.outputs,
                         .features = head.features};
  std::string_view rest(message.data() + sizeof head, static_cast<std::size_t>(size) - sizeof head);
  for (std::string* text :
       {&answer.parts.file, &answer.parts.found, &answer.parts.expected, &answer.parts.hint}) {
    const std::string_view next = rest.substr(0, rest.find('\0'));
    *text = next;
    rest.remove_prefix(std::min(rest.size(), next.size() + 1));
  }
  return answer;
}

}  // namespace balse
