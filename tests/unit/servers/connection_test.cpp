#include "tests/unit/servers/table_fixture.hpp"

namespace pushlab::server {
namespace {

// Suspends each request and keeps what is needed to go on.
class Suspended : public TableTest {
 protected:
  Suspended() {
    handler_.request = [this](Connection& connection, Request const& request) {
      ++requests_;
      connection_ = &connection;
      request_ = request;
      connection.suspend();
    };
  }

  void ask(std::string const& path) {
    auto const before = requests_;
    get(path);
    ASSERT_TRUE(until([&] { return requests_ > before; }));
  }
  void answer(std::string const& body) {
    connection_->resume([this, body] { connection_->respond({200, {}, body}, request_); });
  }

  Connection* connection_ = nullptr;
  Request request_;
  int requests_ = 0;
};

TEST_F(Suspended, a_request_is_answered_when_it_is_resumed) {
  ask("/one");
  EXPECT_EQ(received_, "");
  answer("first");
  EXPECT_TRUE(until_received("first"));
  ask("/two");
  answer("second");
  EXPECT_TRUE(until_received("second"));
}

TEST_F(Suspended, a_request_may_be_resumed_before_the_handler_returns) {
  handler_.request = [](Connection& connection, Request const& request) {
    connection.suspend();
    connection.resume([&connection, request] {
      connection.respond({200, {}, "at once" + request.target.path}, request);
    });
  };
  get("/1");
  get("/2");
  EXPECT_TRUE(until_received("at once/2"));
  EXPECT_LT(received_.find("at once/1"), received_.find("at once/2"));
}

TEST_F(Suspended, requests_behind_it_wait_for_its_answer) {
  ask("/one");
  get("/two");
  get("/three");
  run_ready();
  EXPECT_EQ(requests_, 1);
  answer("first");
  ASSERT_TRUE(until([&] { return requests_ == 2; }));
  EXPECT_EQ(request_.target.path, "/two");
  answer("second");
  ASSERT_TRUE(until([&] { return requests_ == 3; }));
  EXPECT_EQ(request_.target.path, "/three");
  EXPECT_LT(received_.find("first"), received_.find("second"));
}

TEST_F(Suspended, a_request_may_be_suspended_again) {
  ask("/one");
  connection_->resume([this] { connection_->suspend(); });
  answer("in the end");
  EXPECT_TRUE(until_received("in the end"));
  EXPECT_EQ(table_.open(), 1U);
}

TEST_F(Suspended, a_request_may_become_a_stream_that_gets_what_came_behind_it) {
  ask("/stream");
  send("bytes of the stream");
  connection_->resume([this] { connection_->start_stream(); });
  EXPECT_TRUE(until([&] { return handler_.bytes == "bytes of the stream"; })) << handler_.bytes;
  auto const slot = connection_->slot();
  auto const one = event(1);
  table_.deliver({&slot, 1}, {{&one, 1}, frame_of(one)});
  EXPECT_TRUE(until_received("<1>"));
}

TEST_F(Suspended, a_request_may_be_held_and_is_answered_by_the_next_event) {
  ask("/poll");
  connection_->resume([this] { connection_->hold(request_, 5); });
  ASSERT_TRUE(until([&] { return connection_->waiting_for_event(); }));
  auto const slot = connection_->slot();
  auto const one = event(1);
  table_.deliver({&slot, 1}, {{&one, 1}, frame_of(one)});
  EXPECT_TRUE(until_received("<1>"));
  ask("/poll");
}

TEST_F(Suspended, gets_no_event_although_its_last_poll_is_still_subscribed) {
  ask("/poll");
  connection_->resume([this] { connection_->hold(request_, 5); });
  ASSERT_TRUE(until([&] { return connection_->waiting_for_event(); }));
  auto const slot = connection_->slot();
  auto const one = event(1), two = event(2);
  table_.deliver({&slot, 1}, {{&one, 1}, frame_of(one)});
  ask("/poll");
  table_.deliver({&slot, 1}, {{&two, 1}, frame_of(two)});
  answer("the answer");
  EXPECT_TRUE(until_received("the answer"));
  EXPECT_EQ(received_.find("<2>"), std::string::npos);
}

TEST_F(Suspended, a_client_that_goes_is_counted_at_once_and_its_answer_is_dropped) {
  ask("/one");
  client_.close();
  reads_ = false;
  EXPECT_TRUE(until_ended(EndReason::client_closed));
  EXPECT_EQ(handler_.ends, 1);
  EXPECT_EQ(table_.open(), 1U) << "whoever answers still has a connection to answer to";
  bool is_run = false;
  connection_->resume([&] { is_run = true; });
  EXPECT_TRUE(until([&] { return table_.open() == 0; }));
  EXPECT_FALSE(is_run);
}

TEST_F(Suspended, no_deadline_runs_until_the_answer_and_then_the_usual_one) {
  ask("/one");
  pass_s(1000);
  EXPECT_EQ(handler_.ends, 0);
  answer("late");
  ASSERT_TRUE(until_received("late"));
  pass_s(options_.idle_timeout_s + 1);
  EXPECT_EQ(ended(EndReason::idle), 1U);
}

TEST_F(Suspended, a_drain_ends_it) {
  ask("/one");
  table_.drain();
  EXPECT_EQ(ended(EndReason::drained), 1U);
  answer("too late");
  EXPECT_TRUE(until([&] { return table_.open() == 0 && client_sees_end_; }));
  EXPECT_EQ(received_, "");
}

TEST_F(Suspended, a_revocation_leaves_it_to_whoever_is_asked) {
  ask("/one");
  table_.revoke(connection_->slot());
  EXPECT_EQ(ended(EndReason::revoked), 0U);
  answer("no");
  EXPECT_TRUE(until([&] { return received_.ends_with("no"); })) << received_;
}

TEST_F(Suspended, what_is_sent_behind_it_has_a_bound) {
  ask("/one");
  auto const flood = "GET /" + std::string(4000, 'x') + " HTTP/1.1\r\n\r\n";
  boost::system::error_code ec;
  EXPECT_TRUE(until([&] {
    client_.write_some(boost::asio::buffer(flood), ec);
    return ended(EndReason::bad_request) == 1;
  }));
  connection_->resume([] {});
  EXPECT_TRUE(until([&] { return table_.open() == 0; }));
}

class ConnectionTest : public TableTest {};

TEST_F(ConnectionTest, a_deferred_request_leaves_a_deadline_behind) {
  handler_.request = [is_second = false](Connection& c, Request const& r) mutable {
    if (!std::exchange(is_second, true)) return c.defer(r);
    c.respond({200, {}, "deferred"}, r);
  };
  get("/");
  ASSERT_TRUE(until_received("deferred"));
  pass_s(options_.idle_timeout_s + 1);
  EXPECT_EQ(ended(EndReason::idle), 1U);
}

TEST_F(ConnectionTest, a_held_request_may_get_an_answer_of_its_own) {
  Slot slot = 0;
  handler_.request = [&](Connection& c, Request const& r) {
    slot = c.slot();
    c.hold(r, 5, r.target.path == "/shared");
  };
  handler_.held = [](Bytes const& shared) { return owned("own" + std::string{shared.view}); };
  auto const one = event(1), two = event(2);
  for (auto const& [path, made] : {std::pair{"/own", one}, std::pair{"/shared", two}}) {
    auto const before = counters_.requests.value();
    get(path);
    ASSERT_TRUE(until([&] { return counters_.requests.value() > before; }));
    table_.deliver({&slot, 1}, {{&made, 1}, frame_of(made)});
  }
  EXPECT_TRUE(until([&] { return received_ == "own<1><2>"; })) << received_;
}

TEST_F(ConnectionTest, a_revoked_stream_gets_its_goodbye_and_counts_as_revoked) {
  Slot slot = 0;
  handler_.request = [&](Connection& c, Request const&) {
    slot = c.slot();
    c.start_stream();
  };
  handler_.revoke = [](Connection& c) {
    c.send(owned("over"));
    c.end_after_writing(EndReason::revoked);
  };
  get("/");
  ASSERT_TRUE(until([&] { return counters_.requests.value() == 1; }));
  table_.revoke(slot);
  EXPECT_EQ(ended(EndReason::revoked), 1U);
  EXPECT_TRUE(until_received("over"));
  EXPECT_TRUE(until([&] { return client_sees_end_ && table_.open() == 0; }));
}

// As with WebSocket, where the client has to answer a close frame.
class Dismissed : public TableTest {
 protected:
  Dismissed() {
    handler_.request = [this](Connection& c, Request const&) {
      slot_ = c.slot();
      c.start_stream();
    };
    handler_.revoke = [](Connection& c) { c.send(owned("over")); };
    get("/");
    EXPECT_TRUE(until([&] { return counters_.requests.value() == 1; }));
    table_.revoke(slot_);
    EXPECT_TRUE(until_received("over"));
  }
  Slot slot_ = 0;
};

TEST_F(Dismissed, is_cut_when_it_does_not_leave_and_counts_as_revoked) {
  pass_s(Front::farewell_s - 1);
  EXPECT_EQ(handler_.ends, 0);
  pass_s(2);
  EXPECT_EQ(ended(EndReason::revoked), 1U);
}

TEST_F(Dismissed, counts_as_revoked_when_it_leaves_by_itself) {
  client_.close();
  reads_ = false;
  EXPECT_TRUE(until_ended(EndReason::revoked));
}

TEST_F(Dismissed, gets_no_more_events_and_no_second_goodbye) {
  auto const one = event(1);
  table_.deliver({&slot_, 1}, {{&one, 1}, frame_of(one)});
  table_.revoke(slot_);
  table_.drain();
  pass_s(Front::farewell_s + 1);
  EXPECT_TRUE(until([&] { return client_sees_end_; }));
  EXPECT_EQ(received_, "over");
}

std::vector<std::string> ends;

class Logged : public TableTest {
 protected:
  Logged() : TableTest(logging()) { ends.clear(); }
  static TableOptions logging() {
    TableOptions options;
    options.on_end = [](EndReason reason, std::string_view peer) {
      ends.push_back(std::string{to_string(reason)} + " " + std::string{peer});
    };
    return options;
  }
};

TEST_F(Logged, an_end_is_told_with_its_reason_and_the_peers_address) {
  auto const peer = to_string(client_.local_endpoint());
  client_.set_option(boost::asio::socket_base::linger{true, 0});
  client_.close();  // a reset: the socket has forgotten its peer
  reads_ = false;
  EXPECT_TRUE(until_ended(EndReason::client_closed));
  EXPECT_EQ(ends, std::vector<std::string>{"client_closed " + peer});
  EXPECT_TRUE(peer.starts_with("127.0.0.1:")) << peer;
}

TEST_F(ConnectionTest, gives_its_share_of_a_quota_back_when_it_ends) {
  ConnectionQuota quota{1};
  boost::asio::ip::tcp::socket other{io_};
  ASSERT_TRUE(quota.take("a"));
  adopt(other, {quota, "a"});
  EXPECT_FALSE(quota.take("a"));
  other.close();
  EXPECT_TRUE(until_ended(EndReason::client_closed));
  EXPECT_TRUE(quota.take("a"));
}

}  // namespace
}  // namespace pushlab::server
