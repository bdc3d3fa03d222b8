/* tests/services: mails as they leave here, and the calendars in them. */
#ifndef TESTS_MAIL_FILE_H
#define TESTS_MAIL_FILE_H

#include "services/feeds/feeds.h"
#include "services/mail/mail.h"
#include "tests/support/call.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static inline fault mail_run(struct request *rq, void *dir)
{
	static const struct mail_setup setup = {
	    .from = "hello@plenum.example", .base_url = "https://p.example", .file = feeds_file};

	return mail_pickup_job(rq, dir, &setup);
}

/* All of a mail that waits, after what waits has been written; in memory until call_stop(). */
static inline const char *mail_text(const char *id)
{
	char dir[] = "/tmp/plenum-mail-XXXXXX", text[32768] = "";
	const char *path;
	FILE *f;

	assert_non_null(mkdtemp(dir));
	assert_null(call_job(mail_run, dir).fault);
	path = call_text("%s/%s.eml", dir, id);
	f = fopen(path, "r");
	assert_non_null(f);
	assert_true(fread(text, 1, sizeof(text) - 1, f) > 0);
	fclose(f);
	assert_int_equal(system(call_text("rm -r %s", dir)), 0);
	return call_text("%s", text);
}

/* The calendar that a mail carries in base64, unfolded. */
static inline const char *mail_calendar(const char *text)
{
	const char *file = strstr(text, "Content-Type: text/calendar");

	assert_non_null(file);
	file = strstr(file, "base64\r\n\r\n") + 10;
	return call_sql("select replace(convert_from(decode('%.*s', 'base64'), 'UTF8'), E'\\r\\n "
			"', '')",
			(int)(strstr(file, "\r\n--") - file), file);
}

static int mail_group_start(void **state)
{
	(void)state;
	if (!call_start())
		return 1;
	feeds_start("https://p.example");
	return 0;
}

static int mail_group_end(void **state)
{
	(void)state;
	feeds_stop();
	call_stop();
	return 0;
}

#endif
