/* gateway/cli: what plenum doctor says of streams, and plenum export presence. */
#include "gateway/cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RENDITIONS_MAX = 12 };

/* Bit rates of one room's renditions in kbit/s. */
struct renditions {
	long kbit[RENDITIONS_MAX];
	int n;
	bool assumed;
};

static void add(struct renditions *r, long kbit)
{
	if (kbit > 0 && kbit <= 100000 && r->n < RENDITIONS_MAX)
		r->kbit[r->n++] = kbit;
}

/* The flag, else the conference's own, else what a hall of slides and speakers usually takes. */
static struct renditions renditions_of(const char *flag, const json_t *own)
{
	static const long usual[] = {2800, 1400, 700, 96};
	struct renditions r = {0};
	const json_t *each;
	size_t i;
	char *end;

	for (const char *s = flag; s != NULL && *s != 0; s = *end == ',' ? end + 1 : "") {
		add(&r, strtol(s, &end, 10));
		if (end == s)
			break;
	}
	if (flag == NULL)
		json_array_foreach(own, i, each) add(&r, (long)json_integer_value(each));
	if (r.n == 0) {
		r.assumed = true;
		for (i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
			add(&r, usual[i]);
	}
	return r;
}

static void say_uplink(const struct renditions *r, long places, long rooms, doctor_fn *finding)
{
	long most = 0, all = 0;
	char line[300];

	for (int i = 0; i < r->n; i++) {
		most = r->kbit[i] > most ? r->kbit[i] : most;
		all += r->kbit[i];
	}
	snprintf(line, sizeof(line),
		 "uplink: %ld places online x %ld kbit/s%s = %.1f Mbit/s where players fetch, when "
		 "all take the best picture (the average one: %.1f Mbit/s)",
		 places, most, r->assumed ? " (assumed: --renditions 2800,1400,…)" : "",
		 (double)places * (double)most / 1000, (double)places * (double)all / r->n / 1000);
	finding(true, line);
	snprintf(line, sizeof(line),
		 "uplink: %ld streamed room%s x %ld kbit/s (all renditions) = %.1f Mbit/s from the "
		 "venue; have twice that, and a second way out",
		 rooms, rooms == 1 ? "" : "s", all, (double)rooms * (double)all / 1000);
	finding(true, line);
}

/* The host of an address, without its port. */
static size_t host_of(const char *url, const char **ret_host)
{
	const char *slashes = strstr(url, "//");

	*ret_host = slashes != NULL ? slashes + 2 : url;
	return strcspn(*ret_host, ":/?#");
}

static void check_hosts(const char *base_url, const json_t *urls, doctor_fn *finding)
{
	const char *own, *host;
	size_t own_n = host_of(base_url, &own), i;
	const json_t *each;
	char line[700];

	json_array_foreach(urls, i, each)
	{
		const char *url = json_string_value(each);
		size_t n = host_of(url, &host);
		bool here = n == own_n && strncasecmp(host, own, n) == 0;

		snprintf(line, sizeof(line), "stream %.450s: %s", url,
			 here ? "not ok: it comes from the gateway's own host, whose uplink "
				"questions and doors need; serve it from another host or a CDN"
			      : "from another host than the gateway's");
		finding(!here, line);
	}
}

void doctor_streams(struct cli *cli, const char *renditions, const char *online, doctor_fn *finding)
{
	struct cli_result r;
	long places = online != NULL ? strtol(online, NULL, 10) : 0, rooms = 0;
	const json_t *room;
	struct renditions rates;
	size_t i;

	/* A new database has no conference yet. */
	if (cli_call(cli, "stream.plan", NULL, &r) != 0) {
		cli_result_finish(&r);
		return;
	}
	json_array_foreach(json_object_get(r.json, "rooms"), i, room)
	{
		long capacity = (long)json_integer_value(json_object_get(room, "online_capacity"));
		bool streamed = json_integer_value(json_object_get(room, "streams")) > 0;

		places += online == NULL ? capacity : 0;
		rooms += streamed || capacity > 0;
	}
	rates = renditions_of(renditions, json_object_get(r.json, "renditions"));
	if (places > 0 && rooms > 0)
		say_uplink(&rates, places, rooms, finding);
	else if (rooms > 0)
		finding(true, "uplink: no room says how many places it has online "
			      "(online_capacity, or --online N)");
	check_hosts(cli->config.base_url, json_object_get(r.json, "urls"), finding);
	cli_result_finish(&r);
}

int cmd_export_presence(struct cli *cli, int argc, char **argv)
{
	struct cli_result r;
	const char *csv;
	int status;

	(void)argv;
	if (argc != 0)
		return EXIT_USAGE;
	status = cli_call(cli, "presence.export", NULL, &r);
	csv = json_string_value(json_object_get(r.json, "csv"));
	if (status != 0)
		status = cli_refused(cli, &r);
	else if (csv == NULL || fputs(csv, stdout) < 0 || fflush(stdout) != 0)
		status = EXIT_REFUSED;
	cli_result_finish(&r);
	return status;
}
