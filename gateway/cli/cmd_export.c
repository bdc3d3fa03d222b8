/* gateway/cli: plenum export schedule, bundle and questions: the current release as a file on
 * standard output or as a folder; a hall's questions, page after page. */
#include "gateway/bundle.h"
#include "gateway/cli/cli.h"

#include <stdio.h>
#include <string.h>

int cmd_export_schedule(struct cli *cli, int argc, char **argv)
{
	const char *format = cli_option(&argc, argv, "format");
	struct cli_result r;
	json_t *params;
	int status;

	if (argc != 0 || format == NULL ||
	    (strcmp(format, "xml") != 0 && strcmp(format, "json") != 0 &&
	     strcmp(format, "ics") != 0 && strcmp(format, "csv") != 0))
		return EXIT_USAGE;
	params = json_pack("{s:s}", "format", format);
	status = cli_call(cli, strcmp(format, "ics") == 0 ? "feed.export" : "schedule.export",
			  params, &r);
	if (status != 0)
		status = cli_refused(cli, &r);
	else if (fwrite(r.text, 1, r.size, stdout) != r.size || fflush(stdout) != 0)
		status = EXIT_REFUSED;
	cli_result_finish(&r);
	json_decref(params);
	return status;
}

struct collecting {
	bool done;
	fault fault;
};

static void collected(struct bundle *bundle, fault f, void *data)
{
	struct collecting *c = data;

	(void)bundle;
	c->fault = f;
	c->done = true;
}

int cmd_export_bundle(struct cli *cli, int argc, char **argv)
{
	const char *out = cli_option(&argc, argv, "out"), *why = "";
	enum bundle_state state = BUNDLE_MORE;
	struct collecting c = {0};
	struct cli_result r;
	struct bundle *bundle;

	if (argc != 0 || out == NULL)
		return EXIT_USAGE;
	if (!cli_conference(cli, &r))
		return cli_refused(cli, &r);
	bundle = bundle_collect(cli->conference, collected, &c);
	cli_wait(&c.done);
	r.fault = c.fault;
	while (c.fault == OK && state == BUNDLE_MORE)
		state = bundle_write(bundle, out, &why);
	bundle_free(bundle);
	if (c.fault != OK)
		return cli_refused(cli, &r);
	if (state == BUNDLE_FAILED) {
		fprintf(stderr, "plenum: %s: %s; what was there before stays\n", out, why);
		return EXIT_REFUSED;
	}
	printf("%s/current\n", out);
	return 0;
}

static bool write_page(struct cli *cli, const json_t *params, json_t **ret_next, int *ret_status)
{
	struct cli_result r;
	const char *text;

	*ret_next = NULL;
	*ret_status = cli_call(cli, "qa.export", params, &r);
	if (*ret_status != 0) {
		*ret_status = cli_refused(cli, &r);
	} else {
		text = json_string_value(json_object_get(r.json, "text"));
		if (text == NULL || fputs(text, stdout) == EOF)
			*ret_status = EXIT_REFUSED;
		else
			*ret_next = json_incref(json_object_get(r.json, "next"));
	}
	cli_result_finish(&r);
	return *ret_status == 0 && json_is_string(*ret_next);
}

int cmd_export_questions(struct cli *cli, int argc, char **argv)
{
	static const char *const names[] = {"format", "session", "talk", "part"};
	json_t *params = json_object(), *next = NULL;
	int status = EXIT_USAGE;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = cli_option(&argc, argv, names[i]);

		if (value != NULL)
			json_object_set_new(params, names[i], json_string(value));
	}
	if (argc == 0 && json_object_get(params, "format") != NULL)
		while (write_page(cli, params, &next, &status))
			json_object_set_new(params, "after", next);
	json_decref(next);
	json_decref(params);
	if (status == 0 && fflush(stdout) != 0)
		status = EXIT_REFUSED;
	return status;
}
