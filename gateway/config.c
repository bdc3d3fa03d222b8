/* gateway: configuration. */
#include "gateway/config.h"
#include "services/core/arena.h"
#include "services/core/text.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE_MAX_SIZE = 4096, WORKERS_MAX = 64, RATE_DEFAULT = 100, TIMEOUT_DEFAULT = 60 };

static const struct setting {
	const char *key, *variable;
	size_t at;
	bool secret;
} settings[] = {
    {"dsn", "PLENUM_DSN", offsetof(struct config, dsn), true},
    {"listen", "PLENUM_LISTEN", offsetof(struct config, listen), false},
    {"base_url", "PLENUM_BASE_URL", offsetof(struct config, base_url), false},
    {"web_dir", "PLENUM_WEB_DIR", offsetof(struct config, web_dir), false},
    {"mail_dir", "PLENUM_MAIL_DIR", offsetof(struct config, mail_dir), false},
    {"smtp_url", "PLENUM_SMTP_URL", offsetof(struct config, smtp_url), true},
    {"smtp_tls", "PLENUM_SMTP_TLS", offsetof(struct config, smtp_tls), false},
    {"smtp_ca", "PLENUM_SMTP_CA", offsetof(struct config, smtp_ca), false},
    {"smtp_rate", "PLENUM_SMTP_RATE", offsetof(struct config, smtp_rate_text), false},
    {"smtp_reserve", "PLENUM_SMTP_RESERVE", offsetof(struct config, smtp_reserve_text), false},
    {"smtp_timeout", "PLENUM_SMTP_TIMEOUT", offsetof(struct config, smtp_timeout_text), false},
    {"mail_from", "PLENUM_MAIL_FROM", offsetof(struct config, mail_from), false},
    {"bundle_dir", "PLENUM_BUNDLE_DIR", offsetof(struct config, bundle_dir), false},
    {"files_dir", "PLENUM_FILES_DIR", offsetof(struct config, files_dir), false},
    {"erased_list", "PLENUM_ERASED_LIST", offsetof(struct config, erased_list), false},
    {"key_dir", "PLENUM_KEY_DIR", offsetof(struct config, key_dir), false},
    {"workers", "PLENUM_WORKERS", offsetof(struct config, workers_text), false},
    {"venue_networks", "PLENUM_VENUE_NETWORKS", offsetof(struct config, venue_networks), false},
    {"trusted_proxies", "PLENUM_TRUSTED_PROXIES", offsetof(struct config, trusted_proxies), false},
};
enum { SETTINGS = sizeof(settings) / sizeof(settings[0]) };

static char **place(const struct config *config, const struct setting *setting)
{
	return (char **)((char *)(uintptr_t)config + setting->at);
}

static void set(struct config *config, const struct setting *setting, const char *value)
{
	free(*place(config, setting));
	*place(config, setting) = xstrdup(value);
}

bool config_set(struct config *config, const char *key, const char *value)
{
	for (int i = 0; i < SETTINGS; i++) {
		if (strcmp(settings[i].key, key) == 0) {
			set(config, &settings[i], value);
			return true;
		}
	}
	return false;
}

static char *trimmed(char *s)
{
	char *end;

	while (isspace((unsigned char)*s))
		s++;
	end = s + strlen(s);
	while (end > s && isspace((unsigned char)end[-1]))
		*--end = 0;
	return s;
}

static bool load_file(struct config *config, const char *file)
{
	char line[LINE_MAX_SIZE];
	FILE *in = fopen(file, "re");
	bool ok = true;

	if (in == NULL) {
		fprintf(stderr, "plenum: cannot read %s\n", file);
		return false;
	}
	for (int number = 1; fgets(line, sizeof(line), in) != NULL; number++) {
		char *text = trimmed(line), *equals = strchr(text, '=');

		if (*text == 0 || *text == '#')
			continue;
		if (equals != NULL)
			*equals = 0;
		if (equals == NULL || !config_set(config, trimmed(text), trimmed(equals + 1))) {
			fprintf(stderr, "plenum: %s line %d: no such setting: %s\n", file, number,
				text);
			ok = false;
		}
	}
	fclose(in);
	return ok;
}

bool config_load(struct config *config, const char *file)
{
	if (file != NULL && !load_file(config, file))
		return false;
	for (int i = 0; i < SETTINGS; i++) {
		const char *value = getenv(settings[i].variable);

		if (value != NULL)
			set(config, &settings[i], value);
	}
	return true;
}

static bool networks_ok(const char *networks);

static bool number_ok(const char *key, const char *text, int min, int max, int *ret)
{
	char *end;
	long value;

	if (text == NULL)
		return true;
	value = strtol(text, &end, 10);
	if (*text == 0 || *end != 0 || value < min || value > max) {
		fprintf(stderr, "plenum: %s is a number from %d to %d\n", key, min, max);
		return false;
	}
	*ret = (int)value;
	return true;
}

static bool mail_ok(struct config *config)
{
	config->smtp_rate = RATE_DEFAULT;
	config->smtp_timeout = TIMEOUT_DEFAULT;
	if (!number_ok("smtp_rate", config->smtp_rate_text, 1, 100000, &config->smtp_rate) ||
	    !number_ok("smtp_timeout", config->smtp_timeout_text, 1, 150, &config->smtp_timeout))
		return false;
	config->smtp_reserve = config->smtp_rate / 3;
	if (!number_ok("smtp_reserve", config->smtp_reserve_text, 0, config->smtp_rate,
		       &config->smtp_reserve))
		return false;
	if (config->mail_from == NULL)
		config->mail_from = xstrdup("plenum@localhost");
	if (text_address_ok(config->mail_from))
		return true;
	fputs("plenum: mail_from is an address: conference@example.org\n", stderr);
	return false;
}

bool config_complete(struct config *config)
{
	char *end;
	char base[300];

	if (config->listen == NULL)
		config->listen = xstrdup("127.0.0.1:8480");
	if (strrchr(config->listen, ':') == NULL) {
		fprintf(stderr, "plenum: listen is address:port\n");
		return false;
	}
	if (config->base_url == NULL) {
		snprintf(base, sizeof(base), "http://%.250s", config->listen);
		config->base_url = xstrdup(base);
	}
	if (config->base_url[0] != 0 && config->base_url[strlen(config->base_url) - 1] == '/')
		config->base_url[strlen(config->base_url) - 1] = 0;
	if (config->trusted_proxies == NULL)
		config->trusted_proxies = xstrdup("127.0.0.0/8,::1/128");
	config->workers = (int)sysconf(_SC_NPROCESSORS_ONLN);
	if (config->workers_text != NULL) {
		config->workers = (int)strtol(config->workers_text, &end, 10);
		if (*end != 0)
			config->workers = 0;
	}
	if (!networks_ok(config->venue_networks) || !networks_ok(config->trusted_proxies)) {
		fprintf(stderr, "plenum: venue_networks and trusted_proxies are networks like "
				"10.1.0.0/16, separated by commas\n");
		return false;
	}

	if (!mail_ok(config))
		return false;
	if (config->workers < 1 || config->workers > WORKERS_MAX) {
		fprintf(stderr, "plenum: workers is a number from 1 to %d\n", WORKERS_MAX);
		return false;
	}
	return true;
}

void config_finish(struct config *config)
{
	for (int i = 0; i < SETTINGS; i++)
		free(*place(config, &settings[i]));
	*config = (struct config){0};
}

void config_each(const struct config *config, void (*each)(const char *key, const char *value))
{
	for (int i = 0; i < SETTINGS; i++) {
		const char *value = *place(config, &settings[i]);

		each(settings[i].key, value == NULL	   ? "(not set)"
				      : settings[i].secret ? "(set)"
							   : value);
	}
}

static bool address_read(const char *text, unsigned char out[16])
{
	static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

	if (inet_pton(AF_INET6, text, out) == 1)
		return true;
	memcpy(out, mapped, sizeof(mapped));
	return inet_pton(AF_INET, text, out + 12) == 1;
}

/* "10.1.0.0/16" → its 16 bytes and how many of their bits count. A mask that is no number must not
 * become one. */
static bool network_read(const char *network, size_t n, unsigned char base[16], int *ret_bits)
{
	char text[64], *slash, *end;
	long most, bits;

	if (n >= sizeof(text))
		return false;
	memcpy(text, network, n);
	text[n] = 0;
	slash = strchr(text, '/');
	if (slash != NULL)
		*slash = 0;
	if (!address_read(trimmed(text), base))
		return false;
	most = strchr(text, ':') == NULL ? 32 : 128;
	bits = most;
	if (slash != NULL) {
		if (!isdigit((unsigned char)slash[1]))
			return false;
		bits = strtol(slash + 1, &end, 10);
		if (*trimmed(end) != 0 || bits > most)
			return false;
	}
	*ret_bits = (int)(bits + 128 - most);
	return true;
}

static bool one_holds(const char *network, size_t n, const unsigned char address[16])
{
	unsigned char base[16];
	int bits;

	if (!network_read(network, n, base, &bits))
		return false;
	for (int i = 0; i < bits; i++)
		if (((base[i / 8] ^ address[i / 8]) >> (7 - i % 8)) & 1)
			return false;
	return true;
}

static bool networks_ok(const char *networks)
{
	unsigned char base[16];
	int bits;

	for (const char *s = networks != NULL ? networks : ""; *s != 0;) {
		size_t n = strcspn(s, ",");

		if (!network_read(s, n, base, &bits))
			return false;
		s += n + (s[n] == ',');
	}
	return true;
}

bool network_holds(const char *networks, const char *address)
{
	unsigned char bytes[16];

	if (networks == NULL || address == NULL || !address_read(address, bytes))
		return false;
	for (const char *s = networks; *s != 0;) {
		size_t n = strcspn(s, ",");

		if (one_holds(s, n, bytes))
			return true;
		s += n + (s[n] == ',');
	}
	return false;
}
