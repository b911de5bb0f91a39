#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace pushlab::test {

// A blocking TCP client on loopback whose every wait has a deadline; a missed one throws
// std::runtime_error, so that a test fails with a sentence instead of hanging.
class Wire {
 public:
  // `receive_buffer` 0: the system's default; small for a client that shall be slow. `from`: the
  // client's own address.
  explicit Wire(std::uint16_t port, int receive_buffer = 0, char const* from = "127.0.0.1");
  ~Wire();
  Wire(Wire&& other) noexcept;
  Wire& operator=(Wire&& other) noexcept;

  void send(std::string_view bytes);
  std::size_t send_what_fits(std::string_view bytes);  // without waiting; 0: full or closed

  // Exactly that many bytes, or everything up to and including `end`; throws at the stream's end.
  std::string read(std::size_t size);
  std::string read_until(std::string_view end);
  std::string read_to_end();

  bool wait_for_end();  // reads on; true when the peer closed or reset in time

  // As if the machine had lost its network: from now on its kernel takes and acknowledges nothing.
  void go_silent();

 private:
  bool fill();  // false at the end of the stream

  int fd_ = -1;
  std::string pending_;
};

struct HttpAnswer {
  int status = 0;
  std::map<std::string, std::string> fields;  // names in lower case
  std::string body;
  std::string field(std::string const& name) const;
};

// Reads one answer; its body only when it has a length.
HttpAnswer read_answer(Wire& wire, bool is_head = false);

// One request on a connection of its own.
HttpAnswer get(std::uint16_t port, std::string const& target, std::string const& fields = {});
HttpAnswer post(std::uint16_t port, std::string const& target, std::string const& body,
                std::string const& fields = "Content-Type: application/json\r\n");
HttpAnswer ask(std::uint16_t port, std::string const& request, bool is_head = false);

// Posts a notification to the ingest; its number.
std::uint64_t publish(std::uint16_t ingest_port, std::string const& notification);
std::string note(std::string const& name, int id, std::string const& data = {});

std::uint64_t metric(std::uint16_t ingest_port, std::string const& name);

// Asks again until it is so; throws at the deadline.
void wait_until(std::function<bool()> const& is_so, std::string const& what);

}  // namespace pushlab::test
