/* tests/gateway: settings: the file, the variables over it, defaults, what is refused; which
 * networks hold an address. */

/* Part of two programs and of no library: the unit is compiled in. */
#include "gateway/config.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

static char path[] = "/tmp/plenum-config-XXXXXX";

static void write_config(const char *text)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

/* Messages about refused settings are expected here; they would only hide the others. */
static bool loads(const char *text)
{
	struct config config = {0};
	FILE *kept = stderr;
	bool ok;

	write_config(text);
	stderr = fopen("/dev/null", "w");
	ok = config_load(&config, path) && config_complete(&config);
	fclose(stderr);
	stderr = kept;
	config_finish(&config);
	return ok;
}

static void from_file(void **state)
{
	struct config config = {0};

	(void)state;
	write_config("# a comment\n\n"
		     "  dsn =  postgresql:///plenum?host=/run/postgresql  \n"
		     "listen=0.0.0.0:9000\n"
		     "\tbase_url = https://conference.example.org/ \r\n"
		     "venue_networks = 192.0.2.0/24, 2001:db8:40::/48\n"
		     "workers = 3");
	assert_true(config_load(&config, path));
	assert_true(config_complete(&config));
	/* A value may hold '='. */
	assert_string_equal(config.dsn, "postgresql:///plenum?host=/run/postgresql");
	assert_string_equal(config.listen, "0.0.0.0:9000");
	assert_string_equal(config.base_url, "https://conference.example.org");
	assert_string_equal(config.venue_networks, "192.0.2.0/24, 2001:db8:40::/48");
	assert_int_equal(config.workers, 3);
	assert_null(config.mail_dir);
	config_finish(&config);
	assert_null(config.dsn);
}

static void defaults(void **state)
{
	struct config config = {0};

	(void)state;
	assert_true(config_load(&config, NULL));
	assert_true(config_complete(&config));
	assert_string_equal(config.listen, "127.0.0.1:8480");
	assert_string_equal(config.base_url, "http://127.0.0.1:8480");
	assert_string_equal(config.trusted_proxies, "127.0.0.0/8,::1/128");
	assert_null(config.dsn);
	assert_null(config.key_dir);
	assert_true(config.workers >= 1);
	config_finish(&config);
}

static void variables_win(void **state)
{
	struct config config = {0};

	(void)state;
	write_config("listen = 127.0.0.1:1\nmail_dir = /from/file\n");
	setenv("PLENUM_LISTEN", "127.0.0.1:2", 1);
	assert_true(config_load(&config, path));
	unsetenv("PLENUM_LISTEN");
	assert_string_equal(config.listen, "127.0.0.1:2");
	assert_string_equal(config.mail_dir, "/from/file");
	/* And the command line over both. */
	assert_true(config_set(&config, "listen", "127.0.0.1:3"));
	assert_string_equal(config.listen, "127.0.0.1:3");
	assert_false(config_set(&config, "listn", "127.0.0.1:3"));
	assert_false(config_set(&config, "", ""));
	config_finish(&config);
}

static void refused(void **state)
{
	struct config config = {0};
	FILE *kept = stderr;

	(void)state;
	assert_true(loads("workers = 64\n"));
	assert_false(loads("workers = 65\n"));
	assert_false(loads("workers = 0\n"));
	assert_false(loads("workers = -1\n"));
	assert_false(loads("workers = many\n"));
	assert_false(loads("listen = 8480\n"));
	assert_false(loads("smpt_url = smtp://localhost\n"));
	assert_false(loads("no equals sign\n"));
	assert_false(loads("= value\n"));
	assert_false(loads("DSN = postgresql:///plenum\n"));
	/* A setting that works does not excuse one that does not. */
	assert_false(loads("workers = 1\nworker = 1\n"));
	stderr = fopen("/dev/null", "w");
	assert_false(config_load(&config, "/nowhere/plenum.conf"));
	fclose(stderr);
	stderr = kept;
}

static char shown[4096];

static void show(const char *key, const char *value)
{
	size_t n = strlen(shown);

	snprintf(shown + n, sizeof shown - n, "%s=%s\n", key, value);
}

static void secrets_are_not_shown(void **state)
{
	struct config config = {0};

	(void)state;
	assert_true(config_set(&config, "dsn", "postgresql://plenum_app:hunter2@127.0.0.1/plenum"));
	assert_true(config_set(&config, "listen", "127.0.0.1:8480"));
	config_each(&config, show);
	assert_null(strstr(shown, "hunter2"));
	assert_non_null(strstr(shown, "dsn=(set)\n"));
	assert_non_null(strstr(shown, "listen=127.0.0.1:8480\n"));
	assert_non_null(strstr(shown, "mail_dir=(not set)\n"));
	config_finish(&config);
}

static void networks(void **state)
{
	static const struct {
		const char *networks, *address;
		bool held;
	} cases[] = {
	    {"192.0.2.0/24", "192.0.2.0", true},
	    {"192.0.2.0/24", "192.0.2.255", true},
	    {"192.0.2.0/24", "192.0.3.0", false},
	    {"192.0.2.0/24", "192.0.1.255", false},
	    {"192.0.2.4/31", "192.0.2.5", true},
	    {"192.0.2.4/31", "192.0.2.6", false},
	    {"192.0.2.4", "192.0.2.4", true},
	    {"192.0.2.4", "192.0.2.5", false},
	    {"192.0.2.4/32", "192.0.2.5", false},
	    {"0.0.0.0/0", "203.0.113.9", true},
	    {"0.0.0.0/0", "2001:db8::1", false},
	    {"::/0", "2001:db8::1", true},
	    {"::/0", "192.0.2.1", true},
	    {"2001:db8:40::/48", "2001:db8:40:ffff::1", true},
	    {"2001:db8:40::/48", "2001:db8:41::1", false},
	    {"::1/128", "::1", true},
	    {"::1/128", "::2", false},
	    {"192.0.2.0/24", "::ffff:192.0.2.9", true},
	    {"10.0.0.0/8, 192.0.2.0/24 ,2001:db8::/32", "192.0.2.9", true},
	    {"10.0.0.0/8, 192.0.2.0/24 ,2001:db8::/32", "2001:db8::9", true},
	    {"10.0.0.0/8, 192.0.2.0/24 ,2001:db8::/32", "198.51.100.1", false},
	    /* One that cannot be read holds nobody and does not hide the next. */
	    {"venue,192.0.2.0/24", "192.0.2.9", true},
	    {"192.0.2.0/33", "192.0.2.0", false},
	    {"2001:db8::/129", "2001:db8::", false},
	    {"192.0.2/24", "192.0.2.1", false},
	    {"", "192.0.2.1", false},
	    {",", "192.0.2.1", false},
	    {"192.0.2.0/24", "", false},
	    {"192.0.2.0/24", "192.0.2.1:443", false},
	    {"192.0.2.0/24", "localhost", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (network_holds(cases[i].networks, cases[i].address) != cases[i].held)
			fail_msg("%s in %s should be %d", cases[i].address, cases[i].networks,
				 cases[i].held);
	assert_false(network_holds(NULL, "192.0.2.1"));
	assert_false(network_holds("192.0.2.0/24", NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(from_file),     cmocka_unit_test(defaults),
	    cmocka_unit_test(variables_win), cmocka_unit_test(refused),
	    cmocka_unit_test(networks),	     cmocka_unit_test(secrets_are_not_shown),
	};
	int failed, fd = mkstemp(path);

	if (fd < 0)
		return 2;
	close(fd);
	for (int i = 0; i < SETTINGS; i++)
		unsetenv(settings[i].variable);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return failed;
}
