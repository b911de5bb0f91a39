// Streams and what a client must make of them, by WHATWG HTML 9.2.5 and 9.2.6, under the classes
// SSE-PARSE-01 to 13 of `pushlab conform --list`. 04 is how the tests cut each stream.
//
// `expected`: [type|data|last event id] for an event, {n} for a retry delay of n ms, in order.
// `last_id`: the last event id that the next connection would send.
#pragma once

#include <array>
#include <string_view>

namespace pushlab::loadgen {

struct SseCase {
  std::string_view name;
  std::string_view stream;
  std::string_view expected;
  std::string_view last_id = "";
};

using namespace std::string_view_literals;

inline constexpr auto sse_cases = std::to_array<SseCase>({
    // 01 Byte order mark
    {"bom_is_dropped",
     "\xef\xbb\xbf"
     "data:1\n\n",
     "[message|1|]"},
    {"bom_before_an_event_field",
     "\xef\xbb\xbf"
     "event:a\ndata:1\n\n",
     "[a|1|]"},
    {"second_bom_spoils_the_field",
     "\xef\xbb\xbf\xef\xbb\xbf"
     "data:1\n\ndata:2\n\n",
     "[message|2|]"},
    {"bom_inside_data_stays",
     "data:a\xef\xbb\xbf"
     "b\n\n",
     "[message|a\xef\xbb\xbf"
     "b|]"},
    {"bom_on_a_later_line_spoils_it",
     "data:1\n\n\xef\xbb\xbf"
     "data:2\n\n",
     "[message|1|]"},
    {"two_bytes_of_a_bom_are_no_bom",
     "\xef\xbb"
     "data:1\n\ndata:2\n\n",
     "[message|2|]"},
    {"one_byte_of_a_bom_is_no_bom",
     "\xef"
     "data:1\n\ndata:2\n\n",
     "[message|2|]"},
    {"bom_then_comment", "\xef\xbb\xbf:x\ndata:1\n\n", "[message|1|]"},
    {"bom_inside_an_id_stays", "id:\xef\xbb\xbf\ndata:1\n\n", "[message|1|\xef\xbb\xbf]",
     "\xef\xbb\xbf"},
    {"bom_behind_a_blank_line_spoils_the_field",
     "\n\xef\xbb\xbf"
     "data:1\n\ndata:2\n\n",
     "[message|2|]"},
    {"two_bytes_of_a_bom_then_a_line_end", "\xef\xbb\ndata:1\n\n", "[message|1|]"},
    {"bom_alone", "\xef\xbb\xbf", ""},
    {"bom_then_blank_line", "\xef\xbb\xbf\n\ndata:1\n\n", "[message|1|]"},
    // 02 Line ends
    {"lf", "data:1\n\n", "[message|1|]"},
    {"cr", "data:1\r\r", "[message|1|]"},
    {"crlf", "data:1\r\n\r\n", "[message|1|]"},
    {"cr_then_lf_then_cr", "data:1\r\n\r", "[message|1|]"},
    {"lf_then_crlf", "data:1\n\r\n", "[message|1|]"},
    {"lf_cr_is_two_ends", "data:1\n\rdata:2\n\n", "[message|1|][message|2|]"},
    {"crlf_is_one_end", "data:1\r\ndata:2\r\n\r\n", "[message|1\n2|]"},
    {"cr_cr_lf_is_two_ends", "data:1\r\r\ndata:2\n\n", "[message|1|][message|2|]"},
    {"mixed_ends", "data:1\rdata:2\ndata:3\r\n\n", "[message|1\n2\n3|]"},
    {"crlf_makes_no_phantom_blank_line", "event:a\r\ndata:1\r\n\r\n", "[a|1|]"},
    {"cr_only_stream", "id:1\rdata:a\r\rid:2\rdata:b\r\r", "[message|a|1][message|b|2]", "2"},
    {"crlf_then_lf_makes_no_phantom_blank_line", "data:1\r\ndata:2\n\n", "[message|1\n2|]"},
    {"lf_crlf_between_fields_is_a_blank_line", "event:a\n\r\ndata:1\n\n", "[message|1|]"},
    {"crlf_crlf_first", "\r\n\r\ndata:1\r\n\r\n", "[message|1|]"},
    {"three_crs", "data:1\r\r\rdata:2\r\r", "[message|1|][message|2|]"},
    {"vertical_tab_is_no_end", "data:a\vb\n\n", "[message|a\vb|]"},
    {"form_feed_is_no_end", "data:a\fb\n\n", "[message|a\fb|]"},
    {"next_line_is_no_end",
     "data:a\xc2\x85"
     "b\n\n",
     "[message|a\xc2\x85"
     "b|]"},
    {"line_separator_is_no_end",
     "data:a\xe2\x80\xa8"
     "b\n\n",
     "[message|a\xe2\x80\xa8"
     "b|]"},
    {"leading_blank_lines", "\n\n\ndata:1\n\n", "[message|1|]"},
    {"many_blank_lines", "data:1\n\n\n\n\ndata:2\n\n", "[message|1|][message|2|]"},
    // 03 A final CR ends its line at once
    {"final_cr_dispatches", "data:1\n\r", "[message|1|]"},
    {"final_cr_after_cr_dispatches", "data:1\r\r", "[message|1|]"},
    {"final_cr_after_crlf_dispatches", "id:1\r\ndata:1\r\n\r", "[message|1|1]", "1"},
    {"final_cr_commits_an_id", "id:1\r\r", "", "1"},
    {"final_cr_that_only_ends_a_field", "data:1\r", ""},
    {"final_cr_ends_retry", "retry:5\r", "{5}"},
    // 05 Colon and space
    {"one_space_is_removed", "data: 1\n\n", "[message|1|]"},
    {"only_one_space_is_removed", "data:  1\n\n", "[message| 1|]"},
    {"no_space", "data:1\n\n", "[message|1|]"},
    {"tab_is_kept", "data:\t1\n\n", "[message|\t1|]"},
    {"nbsp_is_kept",
     "data:\xc2\xa0"
     "1\n\n",
     "[message|\xc2\xa0"
     "1|]"},
    {"trailing_space_is_kept", "data:1 \n\n", "[message|1 |]"},
    {"later_colons_are_kept", "data:a:b:c\n\n", "[message|a:b:c|]"},
    {"value_may_begin_with_a_colon", "data::1\n\n", "[message|:1|]"},
    {"space_then_colon", "data: :1\n\n", "[message|:1|]"},
    {"a_space_alone_is_an_empty_value", "data: \n\n", "[message||]"},
    {"space_inside_is_kept", "data:a  b\n\n", "[message|a  b|]"},
    {"two_spaces_of_an_id", "id:  7\ndata:1\n\n", "[message|1| 7]", " 7"},
    {"ideographic_space_is_kept", "data:\xe3\x80\x80\n\n", "[message|\xe3\x80\x80|]"},
    {"event_loses_one_space_too", "event: a\ndata:1\n\n", "[a|1|]"},
    {"id_loses_one_space_too", "id: 7\ndata:1\n\n", "[message|1|7]", "7"},
    // 06 Field names
    {"no_colon_is_an_empty_value", "data\n\n", "[message||]"},
    {"no_colon_twice", "data\ndata\n\n", "[message|\n|]"},
    {"unknown_field", "foo:1\ndata:2\n\n", "[message|2|]"},
    {"unknown_field_without_colon", "foo\ndata:2\n\n", "[message|2|]"},
    {"upper_case_name", "DATA:1\ndata:2\n\n", "[message|2|]"},
    {"title_case_name", "Data:1\n\n", ""},
    {"leading_space_spoils_the_name", " data:1\ndata:2\n\n", "[message|2|]"},
    {"trailing_space_spoils_the_name", "data :1\ndata:2\n\n", "[message|2|]"},
    {"longer_name", "dataa:1\ndata:2\n\n", "[message|2|]"},
    {"shorter_name", "dat:1\ndata:2\n\n", "[message|2|]"},
    {"tab_spoils_the_name", "\tdata:1\ndata:2\n\n", "[message|2|]"},
    {"nul_spoils_the_name", "da\0ta:1\ndata:2\n\n"sv, "[message|2|]"},
    {"upper_case_event_and_retry", "Event:a\nRETRY:5\ndata:1\n\n", "[message|1|]"},
    {"json_line_is_unknown", "{\"data\":1}\ndata:2\n\n", "[message|2|]"},
    // 07 Data
    {"two_lines", "data:1\ndata:2\n\n", "[message|1\n2|]"},
    {"empty_line_between", "data:1\ndata\ndata:2\n\n", "[message|1\n\n2|]"},
    {"only_one_final_lf_is_removed", "data:1\ndata:\ndata:\n\n", "[message|1\n\n|]"},
    {"empty_data_is_an_event", "data:\n\n", "[message||]"},
    {"two_empty_data_lines_are_one_lf", "data:\ndata:\n\n", "[message|\n|]"},
    {"lf_that_was_sent_as_a_line_is_kept", "data:1\ndata:\n\n", "[message|1\n|]"},
    {"data_empty_then_full", "data:\ndata:1\n\n", "[message|\n1|]"},
    {"no_data_is_no_event", "event:a\n\ndata:1\n\n", "[message|1|]"},
    {"data_around_other_fields", "data:1\nevent:a\ndata:2\n\n", "[a|1\n2|]"},
    {"three_events", "data:1\n\ndata:2\n\ndata:3\n\n", "[message|1|][message|2|][message|3|]"},
    {"nul_in_data_is_kept", "data:a\0b\n\n"sv, "[message|a\0b|]"sv},
    {"json_data", "data:{\"a\":[1,2]}\n\n", "[message|{\"a\":[1,2]}|]"},
    // 08 Id
    {"id_persists", "id:1\ndata:a\n\ndata:b\n\n", "[message|a|1][message|b|1]", "1"},
    {"id_is_emptied", "id:1\ndata:a\n\nid\ndata:b\n\n", "[message|a|1][message|b|]", ""},
    {"id_is_emptied_with_a_colon", "id:1\ndata:a\n\nid:\ndata:b\n\n", "[message|a|1][message|b|]"},
    {"id_with_nul_is_ignored", "id:1\0\ndata:a\n\n"sv, "[message|a|]"},
    {"id_with_nul_keeps_the_old", "id:1\ndata:a\n\nid:2\0x\ndata:b\n\n"sv,
     "[message|a|1][message|b|1]", "1"},
    {"id_alone_is_committed", "id:1\n\ndata:a\n\n", "[message|a|1]", "1"},
    {"id_alone_at_the_end", "data:a\n\nid:9\n\n", "[message|a|]", "9"},
    {"last_id_of_a_block_wins", "id:1\nid:2\ndata:a\n\n", "[message|a|2]", "2"},
    {"empty_id_of_its_own_block_forgets", "id:1\ndata:a\n\nid\n\ndata:b\n\n",
     "[message|a|1][message|b|]"},
    {"id_with_nul_in_the_same_block_keeps_the_first", "id:1\nid:2\0\ndata:a\n\n"sv, "[message|a|1]",
     "1"},
    {"id_of_a_dropped_block_lives_on", "event:a\nid:4\n\ndata:b\n\n", "[message|b|4]", "4"},
    {"id_with_inner_colon_and_space", "id:a: b\ndata:1\n\n", "[message|1|a: b]", "a: b"},
    {"id_after_data", "data:a\nid:3\n\n", "[message|a|3]", "3"},
    {"id_without_blank_line_is_not_committed", "id:1\ndata:a\n\nid:2\n", "[message|a|1]", "1"},
    {"id_of_our_servers", "id: 5f3a-17\nevent: db\ndata: {}\n\n", "[db|{}|5f3a-17]", "5f3a-17"},
    {"id_upper_case_is_unknown", "ID:1\ndata:a\n\n", "[message|a|]"},
    // 09 Event
    {"event_names_the_type", "event:a\ndata:1\n\n", "[a|1|]"},
    {"last_event_wins", "event:a\nevent:b\ndata:1\n\n", "[b|1|]"},
    {"empty_event_is_message", "event:a\nevent:\ndata:1\n\n", "[message|1|]"},
    {"event_without_colon_is_message", "event:a\nevent\ndata:1\n\n", "[message|1|]"},
    {"event_ends_with_its_block", "event:a\ndata:1\n\ndata:2\n\n", "[a|1|][message|2|]"},
    {"event_ends_with_a_block_without_data", "event:a\n\ndata:1\n\n", "[message|1|]"},
    {"event_ends_with_a_comment_block", "event:a\n:x\n\ndata:1\n\n", "[message|1|]"},
    {"event_behind_data", "data:1\nevent:a\n\n", "[a|1|]"},
    {"event_named_message", "event:message\ndata:1\n\n", "[message|1|]"},
    {"event_without_blank_line_is_dropped", "event:a\ndata:1\n", ""},
    {"event_with_inner_space", "event:a b\ndata:1\n\n", "[a b|1|]"},
    // 10 Retry
    {"retry_acts", "retry:1000\n", "{1000}"},
    {"retry_acts_without_a_blank_line", "retry:1000\ndata:1\n", "{1000}"},
    {"retry_loses_one_space", "retry: 1000\n", "{1000}"},
    {"retry_leading_zeros_are_base_ten", "retry:010\n", "{10}"},
    {"retry_zero", "retry:0\n", "{0}"},
    {"retry_empty_is_ignored", "retry:\n", ""},
    {"retry_without_colon_is_ignored", "retry\n", ""},
    {"retry_with_letters_is_ignored", "retry:1000x\n", ""},
    {"retry_negative_is_ignored", "retry:-1\n", ""},
    {"retry_plus_is_ignored", "retry:+1\n", ""},
    {"retry_fraction_is_ignored", "retry:1.5\n", ""},
    {"retry_hex_is_ignored", "retry:0x10\n", ""},
    {"retry_two_spaces_is_ignored", "retry:  5\n", ""},
    {"retry_trailing_space_is_ignored", "retry:5 \n", ""},
    {"retry_huge_does_not_wrap", "retry:99999999999999999999999\n", "{9223372036854775807}"},
    {"retry_largest", "retry:9223372036854775807\n", "{9223372036854775807}"},
    {"retry_just_too_large", "retry:9223372036854775808\n", "{9223372036854775807}"},
    {"retry_last_wins", "retry:5\nretry:7\n", "{5}{7}"},
    {"retry_bad_after_good", "retry:5\nretry:x\n", "{5}"},
    {"retry_of_a_dropped_block_acts", "data:1\nretry:9\n", "{9}"},
    {"retry_without_line_end_does_not_act", "retry:9", ""},
    {"retry_ends_no_block", "event:a\nretry:9\ndata:1\n\n", "{9}[a|1|]"},
    {"retry_with_nul_is_ignored", "retry:1\0\n"sv, ""},
    {"retry_arabic_digits_are_ignored", "retry:\xd9\xa1\n", ""},
    {"retry_comes_before_its_event", "retry:7\ndata:1\n\n", "{7}[message|1|]"},
    // 11 The end of the stream
    {"unfinished_block_is_dropped", "data:1\n\ndata:2\n", "[message|1|]"},
    {"unfinished_line_is_dropped", "data:1\n\ndata:2", "[message|1|]"},
    {"unfinished_crlf_block", "data:1\r\n\r\ndata:2\r\n", "[message|1|]"},
    {"unfinished_id_is_dropped", "id:1\ndata:a\n\nid:2\ndata:b\n", "[message|a|1]", "1"},
    {"unfinished_comment", "data:1\n\n:x", "[message|1|]"},
    {"unfinished_character", "data:1\n\ndata:\xf0\x9f", "[message|1|]"},
    {"empty_stream", "", ""},
    // 12 UTF-8
    {"umlauts", "data:\xc3\xa4\xc3\xb6\n\n", "[message|\xc3\xa4\xc3\xb6|]"},
    {"four_bytes", "data:\xf0\x9f\x98\x80\n\n", "[message|\xf0\x9f\x98\x80|]"},
    {"bad_byte",
     "data:a\xff"
     "b\n\n",
     "[message|a\xef\xbf\xbd"
     "b|]"},
    {"bad_byte_does_not_swallow_the_end", "data:a\xc3\ndata:b\n\n", "[message|a\xef\xbf\xbd\nb|]"},
    {"cut_sequence_is_one_replacement", "data:\xf0\x9f\x98\n\n", "[message|\xef\xbf\xbd|]"},
    {"overlong_newline_is_no_newline",
     "data:a\xc0\x8a"
     "b\n\n",
     "[message|a\xef\xbf\xbd\xef\xbf\xbd"
     "b|]"},
    {"surrogate", "data:\xed\xa0\x80\n\n", "[message|\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd|]"},
    {"above_the_last_code_point", "data:\xf4\x90\x80\x80\n\n",
     "[message|\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd|]"},
    {"bad_byte_does_not_swallow_a_cr", "data:a\xe2\x80\rdata:b\r\r", "[message|a\xef\xbf\xbd\nb|]"},
    {"bad_byte_does_not_swallow_the_colon", "data\xc3:1\ndata:2\n\n", "[message|2|]"},
    {"overlong_slash", "data:\xe0\x80\xaf\n\n", "[message|\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd|]"},
    {"last_code_point", "data:\xf4\x8f\xbf\xbf\n\n", "[message|\xf4\x8f\xbf\xbf|]"},
    {"bad_byte_in_the_type", "event:\xff\ndata:1\n\n", "[\xef\xbf\xbd|1|]"},
    {"bad_byte_in_the_id", "id:\xff\ndata:1\n\n", "[message|1|\xef\xbf\xbd]", "\xef\xbf\xbd"},
    {"umlaut_in_the_id", "id:\xc3\xa4\ndata:1\n\n", "[message|1|\xc3\xa4]", "\xc3\xa4"},
    {"bad_byte_spoils_the_name", "data\xff:1\ndata:2\n\n", "[message|2|]"},
    // 13 Comments
    {"comment", ":\ndata:1\n\n", "[message|1|]"},
    {"comment_with_text", ": hello\ndata:1\n\n", "[message|1|]"},
    {"comment_between_data", "data:1\n:x\ndata:2\n\n", "[message|1\n2|]"},
    {"comment_that_looks_like_a_field", ":data:1\n\ndata:2\n\n", "[message|2|]"},
    {"comment_with_nul", ":a\0b\ndata:1\n\n"sv, "[message|1|]"},
    {"comment_ends_no_block", "event:a\n:\ndata:1\n\n", "[a|1|]"},
    {"heartbeat_blocks", ":\n\n:\n\ndata:1\n\n", "[message|1|]"},
    {"comment_without_text_at_the_end", "data:1\n:\n\n", "[message|1|]"},
    {"comment_with_cr_ends", ":a\r:b\r\n:c\ndata:1\n\n", "[message|1|]"},
    {"comment_that_is_not_utf8", ":\xff\xfe\ndata:1\n\n", "[message|1|]"},
    {"comment_does_not_commit_an_id", "id:1\n:x\n", ""},
    // The standard's own examples
    {"stocks", "data: YHOO\ndata: +2\ndata: 10\n\n", "[message|YHOO\n+2\n10|]"},
    {"four_blocks",
     ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n",
     "[message|first event|1][message|second event|]"},
    {"two_empty_events", "data\n\ndata\ndata\n\ndata:", "[message||][message|\n|]"},
    {"identical_events", "data:test\n\ndata: test\n\n", "[message|test|][message|test|]"},
});

}  // namespace pushlab::loadgen
