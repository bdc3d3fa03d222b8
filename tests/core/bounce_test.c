/* tests/core: what mail servers say of a mail that did not arrive: Postfix, Exim and Exchange are
 * read, what is something else is refused by name, and nothing that is sent here breaks anything.
 */
#include "services/mail/mail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ID "3f2a9c10-7b1e-4c55-9d0a-6e1f2b3c4d5e"

static struct arena *arena;

static const char postfix[] =
    "From MAILER-DAEMON Sat May  1 10:02:11 2021\n"
    "Return-Path: <>\n"
    "Delivered-To: bounces@plenum.example\n"
    "Date: Sat,  1 May 2021 10:02:11 +0200 (CEST)\n"
    "From: MAILER-DAEMON@mx.plenum.example (Mail Delivery System)\n"
    "Subject: Undelivered Mail Returned to Sender\n"
    "To: hello@plenum.example\n"
    "Auto-Submitted: auto-replied\n"
    "MIME-Version: 1.0\n"
    "Content-Type: multipart/report; report-type=delivery-status;\n"
    "\tboundary=\"4F1B2C0D3E.1619856131/mx.plenum.example\"\n"
    "Content-Transfer-Encoding: 8bit\n"
    "Message-Id: <20210501080211.5A6B7C8D9E@mx.plenum.example>\n"
    "\n"
    "This is a MIME-encapsulated message.\n"
    "\n"
    "--4F1B2C0D3E.1619856131/mx.plenum.example\n"
    "Content-Description: Notification\n"
    "Content-Type: text/plain; charset=us-ascii\n"
    "\n"
    "I'm sorry to have to inform you that your message could not\n"
    "be delivered to one or more recipients.\n"
    "\n"
    "--4F1B2C0D3E.1619856131/mx.plenum.example\n"
    "Content-Description: Delivery report\n"
    "Content-Type: message/delivery-status\n"
    "\n"
    "Reporting-MTA: dns; mx.plenum.example\n"
    "X-Postfix-Queue-ID: 4F1B2C0D3E\n"
    "X-Postfix-Sender: rfc822; hello@plenum.example\n"
    "Arrival-Date: Sat,  1 May 2021 10:02:09 +0200 (CEST)\n"
    "\n"
    "Final-Recipient: rfc822; ada@example.org\n"
    "Original-Recipient: rfc822;ada@example.org\n"
    "Action: failed\n"
    "Status: 5.1.1\n"
    "Remote-MTA: dns; mx.example.org\n"
    "Diagnostic-Code: smtp; 550 5.1.1 <ada@example.org>: Recipient address rejected:\n"
    "    User unknown in virtual mailbox table\n"
    "\n"
    "--4F1B2C0D3E.1619856131/mx.plenum.example\n"
    "Content-Description: Undelivered Message Headers\n"
    "Content-Type: text/rfc822-headers\n"
    "\n"
    "Return-Path: <hello@plenum.example>\n"
    "From: Favrholm <hello@plenum.example>\n"
    "To: <ada@example.org>\n"
    "Subject: The door is open\n"
    "Message-ID: <" ID "@plenum.example>\n"
    "Auto-Submitted: auto-generated\n"
    "\n"
    "--4F1B2C0D3E.1619856131/mx.plenum.example--\n";

static const char exim[] =
    "Received: from Debian-exim by mx.example.net with local (Exim 4.94.2)\r\n"
    "\tid 1lckzX-0003Qe-7G\r\n"
    "\tfor hello@plenum.example; Sat, 01 May 2021 08:02:11 +0000\r\n"
    "X-Failed-Recipients: bo@example.net\r\n"
    "Auto-Submitted: auto-replied\r\n"
    "From: Mail Delivery System <Mailer-Daemon@mx.example.net>\r\n"
    "To: hello@plenum.example\r\n"
    "References: <first@else.example>\r\n"
    " <" ID "@plenum.example>\r\n"
    "Content-Type: multipart/report; report-type=delivery-status; "
    "boundary=1619856131-eximdsn-1804289383\r\n"
    "MIME-Version: 1.0\r\n"
    "Subject: Mail delivery failed: returning message to sender\r\n"
    "\r\n"
    "--1619856131-eximdsn-1804289383\r\n"
    "Content-type: text/plain; charset=us-ascii\r\n"
    "\r\n"
    "This message was created automatically by mail delivery software.\r\n"
    "\r\n"
    "--1619856131-eximdsn-1804289383\r\n"
    "Content-type: message/delivery-status\r\n"
    "\r\n"
    "Reporting-MTA: dns; mx.example.net\r\n"
    "\r\n"
    "Action: failed\r\n"
    "Final-Recipient: rfc822;bo@example.net\r\n"
    "Status: 5.0.0\r\n"
    "Remote-MTA: dns; mx2.example.net\r\n"
    "Diagnostic-Code: smtp; 552 mailbox full\r\n"
    "\r\n"
    "--1619856131-eximdsn-1804289383--\r\n";

/* The report in base64, the returned mail in quoted-printable, a comment behind the status. */
static const char exchange[] =
    "From: <postmaster@contoso.example>\r\n"
    "To: <hello@plenum.example>\r\n"
    "Content-Type: multipart/report; report-type=delivery-status;\r\n"
    "\tboundary=\"_c2f1d3a4-0c0b-4a64-8f5e-6c1c3d0f9a11_\"\r\n"
    "Subject: Undeliverable: The door is open\r\n"
    "In-Reply-To: <0a0a0a0a-7b1e-4c55-9d0a-6e1f2b3c4d5e@plenum.example>\r\n"
    "\r\n"
    "--_c2f1d3a4-0c0b-4a64-8f5e-6c1c3d0f9a11_\r\n"
    "Content-Type: multipart/alternative; boundary=\"_inner_\"\r\n"
    "\r\n"
    "--_inner_\r\n"
    "Content-Type: text/plain; charset=\"us-ascii\"\r\n"
    "\r\n"
    "Delivery has failed to these recipients or groups.\r\n"
    "--_inner_--\r\n"
    "\r\n"
    "--_c2f1d3a4-0c0b-4a64-8f5e-6c1c3d0f9a11_\r\n"
    "Content-Type: message/delivery-status\r\n"
    "Content-Transfer-Encoding: base64\r\n"
    "\r\n"
    /* Reporting-MTA … Action: failed, Status: 5.7.1 (denied), Diagnostic-Code, CRLF ends. */
    "UmVwb3J0aW5nLU1UQTogZG5zO0VYMDEuY29udG9zby5leGFtcGxlDQoNCkZpbmFsLXJlY2lwaWVu\r\n"
    "dDogcmZjODIyO2NhaUBjb250b3NvLmV4YW1wbGUNCkFjdGlvbjogZmFpbGVkDQpTdGF0dXM6IDUu\r\n"
    "Ny4xIChkZW5pZWQpDQpEaWFnbm9zdGljLUNvZGU6IHNtdHA7NTUwIFJFU09MVkVSLlJTVC5SZWNp\r\n"
    "cGllbnROb3RGb3VuZDsgbm90IGZvdW5kDQo=\r\n"
    "\r\n"
    "--_c2f1d3a4-0c0b-4a64-8f5e-6c1c3d0f9a11_\r\n"
    "Content-Type: message/rfc822\r\n"
    "Content-Transfer-Encoding: quoted-printable\r\n"
    "\r\n"
    "From: Favrholm <hello@plenum.example>\r\n"
    "Message-ID:\r\n"
    "\t=3C3F2A9C10-7B1E-4C55-9D0A-=\r\n"
    "6E1F2B3C4D5E@plenum.example>\r\n"
    "\r\n"
    "Message-ID: <not-this-one@plenum.example>\r\n"
    "--_c2f1d3a4-0c0b-4a64-8f5e-6c1c3d0f9a11_--\r\n";

static const char *read_as(const char *message, size_t size, struct mail_report *ret)
{
	/* Of exactly this size: whoever reads one byte more is told by the sanitizer. */
	char *copy = xcalloc(1, size > 0 ? size : 1);
	fault f;

	memcpy(copy, message, size);
	f = mail_report_read(arena, copy, size, ret);
	/* Nothing of the answer lies in what was read. */
	memset(copy, 'x', size);
	free(copy);
	return f == OK ? "ok" : f->code;
}

static const char *code_of(const char *message)
{
	struct mail_report r;

	return read_as(message, strlen(message), &r);
}

/* Another message: the first of `from` in it is `to`. */
static const char *with(const char *message, const char *from, const char *to)
{
	const char *at = strstr(message, from);

	assert_non_null(at);
	return arena_printf(arena, "%.*s%s%s", (int)(at - message), message, to, at + strlen(from));
}

static void reads_what_servers_say(void **state)
{
	static const struct {
		const char *message, *reason;
	} said[] = {{postfix,
		     "550 5.1.1 <ada@example.org>: Recipient address rejected: User unknown in "
		     "virtual mailbox table"},
		    {exim, "5.0.0 552 mailbox full"},
		    {exchange, "5.7.1 550 RESOLVER.RST.RecipientNotFound; not found"}};
	struct mail_report r;

	(void)state;
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		assert_string_equal(read_as(said[i].message, strlen(said[i].message), &r), "ok");
		assert_string_equal(r.mail, ID);
		assert_string_equal(r.action, "failed");
		assert_string_equal(r.reason, said[i].reason);
	}
}

static void only_what_failed_came_back(void **state)
{
	const char *delayed = with(postfix, "Action: failed", "Action: delayed");
	struct mail_report r;

	(void)state;
	assert_string_equal(read_as(delayed, strlen(delayed), &r), "ok");
	assert_string_equal(r.action, "delayed");
	/* Of two recipients one has it and one has not. */
	delayed = with(postfix, "Final-Recipient",
		       "Final-Recipient: rfc822; a@example.org\nAction: Relayed (to elsewhere)\n"
		       "Status: 2.0.0\n\nFinal-Recipient");
	assert_string_equal(read_as(delayed, strlen(delayed), &r), "ok");
	assert_string_equal(r.action, "failed");
	assert_non_null(strstr(r.reason, "User unknown"));
}

static void what_is_no_report_is_refused(void **state)
{
	(void)state;
	assert_string_equal(code_of(""), "bounce.unreadable");
	assert_string_equal(code_of("From "), "bounce.unreadable");
	assert_string_equal(code_of("Subject: Away until Monday\n\nBack soon.\n"),
			    "bounce.unreadable");
	assert_string_equal(code_of(with(postfix, "report-type=delivery-status", "x=y")),
			    "bounce.unreadable");
	assert_string_equal(
	    code_of(with(postfix, "report-type=delivery-status", "report-type=feedback-report")),
	    "bounce.unreadable");
	assert_string_equal(code_of(with(postfix, "boundary=", "boundaries=")),
			    "bounce.unreadable");
	assert_string_equal(code_of(with(postfix, "message/delivery-status", "text/plain")),
			    "bounce.unreadable");
	assert_string_equal(code_of(with(postfix, "Action: failed", "Action: failure")),
			    "bounce.unreadable");
}

static void what_is_not_ours_is_refused(void **state)
{
	static const char *const ids[] = {"<20210501080211.5A6B@plenum.example>",
					  "<3f2a9c10-7b1e-4c55-9d0a-6e1f2b3c4d5@plenum.example>",
					  "<3f2a9c10-7b1e-4c55-9d0a-6e1f2b3c4d5ef@plenum.example>",
					  "<3f2a9c10-7b1e-4c55-9d0a-6e1f2b3c4d5g@plenum.example>",
					  "<3f2a9c1037b1e-4c55-9d0a-6e1f2b3c4d5e@plenum.example>",
					  "<3f2a9c10-7b1e-4c55-9d0a-6e1f2b3c4d5e>",
					  "3f2a9c10-7b1e-4c55-9d0a-6e1f2b3c4d5e@plenum.example",
					  "<",
					  ""};

	(void)state;
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		assert_string_equal(code_of(with(postfix, "<" ID "@plenum.example>", ids[i])),
				    "bounce.foreign");
	assert_string_equal(code_of(with(exim, ID, "not-ours")), "bounce.foreign");
	/* What was returned says which it is, whatever it claims to answer. */
	assert_string_equal(
	    code_of(with(with(postfix, "<" ID "@plenum.example>", "<other@else.example>"),
			 "Auto-Submitted", "References: <" ID "@plenum.example>\nAuto-Submitted")),
	    "bounce.foreign");
}

/* The reason of a report whose Diagnostic-Code and Status are these lines. */
static const char *reason_with(const char *status, const char *diagnostic)
{
	const char *message = with(with(exim, "Status: 5.0.0\r\n", status),
				   "Diagnostic-Code: smtp; 552 mailbox full\r\n", diagnostic);
	struct mail_report r;

	assert_string_equal(read_as(message, strlen(message), &r), "ok");
	return r.reason;
}

static void the_reason_is_one_line(void **state)
{
	char wide[9000];

	(void)state;
	assert_string_equal(reason_with("", ""), "failed");
	assert_string_equal(reason_with("Status: 5.2.2\r\n", ""), "5.2.2");
	assert_string_equal(reason_with("Status: no\r\n", "Diagnostic-Code: full\r\n"), "full");
	assert_string_equal(reason_with("Status: 9.9.9\r\n", "Diagnostic-Code: x-unix;\r\n"),
			    "failed");
	assert_string_equal(
	    reason_with("", "Diagnostic-Code: smtp; a\tb\x01\x7f\xc3\xa6\x1b[31m  c\r\n"),
	    "a b [31m c");
	memset(wide, 'w', sizeof(wide) - 1);
	wide[sizeof(wide) - 1] = 0;
	assert_int_equal(
	    strlen(reason_with("", arena_printf(arena, "Diagnostic-Code: smtp; %s\r\n", wide))),
	    250);
}

/* Cut off in many places, or with one byte another: read or refused, nothing else. */
static void nothing_breaks_it(void **state)
{
	static const char *const all[] = {postfix, exim, exchange};
	static const unsigned char bytes[] = {0, '\n', '\r', '"', '=', '-', ';', ':', '<', 0xff};
	struct mail_report r;

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		size_t n = strlen(all[i]);
		char *other = arena_strdup(arena, all[i]);

		for (size_t at = 0; at < n; at += 3) {
			read_as(all[i], at, &r);
			other[at] = (char)bytes[at % sizeof(bytes)];
			read_as(other, n, &r);
			other[at] = all[i][at];
			arena_destroy(arena);
			arena = arena_create(64 << 20);
			other = arena_strdup(arena, all[i]);
		}
	}
}

/* Ten thousand parts, recipients, parameters and folded lines are passed over, not kept. */
static void more_than_a_server_says_is_bounded(void **state)
{
	struct buffer b = {0};
	struct mail_report r;

	(void)state;
	buffer_text(&b, "Content-Type: multipart/report; report-type=delivery-status; boundary=b");
	for (int i = 0; i < 10000; i++)
		buffer_text(&b, ";\n x=\"\\\"\"");
	buffer_text(&b, "\n\n");
	for (int i = 0; i < 10000; i++)
		buffer_text(&b, "--b\nContent-Type: message/delivery-status\n\n");
	for (int i = 0; i < 10000; i++)
		buffer_text(&b, "Action: delayed\n\n");
	assert_string_equal(read_as(b.bytes, b.size, &r), "bounce.unreadable");
	buffer_finish(&b);
}

static int setup(void **state)
{
	(void)state;
	arena = arena_create(64 << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_destroy(arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(reads_what_servers_say, setup, teardown),
	    cmocka_unit_test_setup_teardown(only_what_failed_came_back, setup, teardown),
	    cmocka_unit_test_setup_teardown(what_is_no_report_is_refused, setup, teardown),
	    cmocka_unit_test_setup_teardown(what_is_not_ours_is_refused, setup, teardown),
	    cmocka_unit_test_setup_teardown(the_reason_is_one_line, setup, teardown),
	    cmocka_unit_test_setup_teardown(nothing_breaks_it, setup, teardown),
	    cmocka_unit_test_setup_teardown(more_than_a_server_says_is_bounded, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
