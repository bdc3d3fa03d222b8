/* gateway/cli: plenum bounce: what a mail server pipes here when a mail of ours came back. */
#include "gateway/cli/cli.h"
#include "services/core/arena.h"
#include "services/mail/mail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	REPORT_MAX = 4 << 20, /* servers return the whole mail; ours are smaller */
	ARENA_MAX = 64 << 20,
	EXIT_LATER = 75 /* EX_TEMPFAIL: a mail server keeps it and tries again */
};

static const struct fault bounce_unknown = {"bounce.unknown", FAULT_CALLER,
					    "No such mail was written here."};

/* It came back before we knew that it had left: the relay is quicker than our note of it. */
static bool on_its_way(const struct cli_result *r)
{
	json_t *mail = r->fault_current != NULL ? json_loads(r->fault_current, 0, NULL) : NULL;
	const char *state = json_string_value(json_object_get(mail, "state"));
	bool way = strcmp(r->fault->code, "mail.state") == 0 && state != NULL &&
		   strcmp(state, "bounced") != 0;

	json_decref(mail);
	return way;
}

/* Something to be repeated is no reason to lose what came back. */
static int refused(const struct cli *cli, const struct cli_result *r)
{
	int status = cli_refused(cli, r);

	return r->fault == &fault_busy || r->fault == &fault_unknown_outcome || on_its_way(r)
		   ? EXIT_LATER
		   : status;
}

/* In the conference that is chosen. */
static int keep(struct cli *cli, const struct mail_report *report, struct cli_result *ret)
{
	json_t *params = json_pack("{s:s,s:s}", "mail", report->mail, "reason", report->reason);
	int status = cli_call(cli, "mail.bounce", params, ret);

	json_decref(params);
	return status;
}

/* One address takes what comes back for all conferences: a mail's id says of which it is. */
static int keep_anywhere(struct cli *cli, const struct mail_report *report, struct cli_result *ret)
{
	struct cli_result list;
	size_t i;
	json_t *c;

	cli_call_global(cli, "conference.list", NULL, &list);
	*ret = (struct cli_result){.fault = list.fault != OK ? list.fault : &fault_not_found};
	json_array_foreach(json_object_get(list.json, "conferences"), i, c)
	{
		const char *id = json_string_value(json_object_get(c, "id"));

		if (id == NULL || ret->fault != &fault_not_found)
			continue;
		cli_result_finish(ret);
		snprintf(cli->conference, sizeof(cli->conference), "%s", id);
		keep(cli, report, ret);
	}
	cli_result_finish(&list);
	return ret->fault == OK ? 0 : EXIT_REFUSED;
}

static int keep_report(struct cli *cli, const struct mail_report *report)
{
	struct cli_result r;
	int status = cli->into != NULL ? keep(cli, report, &r) : keep_anywhere(cli, report, &r);

	if (status == 0 && cli->json)
		cli_print(&r);
	else if (status == 0)
		printf("mail %s came back: %s\n", report->mail,
		       json_string_value(json_object_get(r.json, "why")));
	else {
		if (r.fault == &fault_not_found)
			r.fault = &bounce_unknown;
		status = refused(cli, &r);
	}
	cli_result_finish(&r);
	return status;
}

/* Delayed, or arrived after all: nothing came back. */
static int nothing_failed(const struct cli *cli, const struct mail_report *report)
{
	if (cli->json)
		printf("{\"mail\":\"%s\",\"action\":\"%s\",\"noop\":true}\n", report->mail,
		       report->action);
	else
		printf("mail %s is %s: nothing came back\n", report->mail, report->action);
	return 0;
}

int cmd_bounce(struct cli *cli, int argc, char **argv)
{
	struct cli_result r = {0};
	struct mail_report report;
	struct arena *arena;
	char *bytes;
	size_t size = 0;
	int status;

	if (argc > 1)
		return EXIT_USAGE;
	bytes = cli_read_file(argc == 1 ? argv[0] : "-", REPORT_MAX, &size);
	if (bytes == NULL)
		return EXIT_REFUSED;
	arena = arena_create(ARENA_MAX);
	r.fault = mail_report_read(arena, bytes, size, &report);
	if (r.fault != OK)
		status = cli_refused(cli, &r);
	else if (strcmp(report.action, "failed") != 0)
		status = nothing_failed(cli, &report);
	else
		status = keep_report(cli, &report);
	arena_destroy(arena);
	free(bytes);
	return status;
}
