/* gateway: configuration: a file of `key = value`, and PLENUM_<KEY> variables over it. */
#ifndef GATEWAY_CONFIG_H
#define GATEWAY_CONFIG_H

#include <stdbool.h>

/* Strings are owned by the struct; NULL where not set. */
struct config {
	char *dsn;
	char *listen;	/* address:port, default 127.0.0.1:8480 */
	char *base_url; /* how the outside reaches us; its origin is the one allowed */
	char *web_dir;
	char *mail_dir; /* mails are written here as files while no relay is configured */
	char *smtp_url; /* smtp://user:password@host:587 or smtps://…: the relay; NULL: none */
	char *smtp_tls; /* "required" or "off"; NULL: required, but on the loopback */
	char *smtp_ca;	/* who signs the relay's certificate; NULL: whom this machine trusts */
	char *smtp_rate_text, *smtp_reserve_text, *smtp_timeout_text;
	int smtp_rate, smtp_reserve; /* mails a minute; of them, only for signing in */
	int smtp_timeout;	     /* seconds for one mail */
	char *mail_from;	     /* an address; default plenum@localhost */
	char *bundle_dir; /* static copies of the programmes, <slug>/current; NULL: none are made */
	char *files_dir;  /* what people hand in; NULL: nothing is taken */
	char *
	    erased_list; /* plenum erase: whom it erased, outside the database; NULL: --list says */
	char *key_dir;
	char *venue_networks;  /* addresses with a larger budget before sign-in:
				  "10.1.0.0/16,2001:db8::/32" */
	char *trusted_proxies; /* whose X-Forwarded-For we believe; default the loopback */
	char *workers_text;
	int workers;
};

/* Reads file (NULL: none), then the environment. false after printing what is wrong on stderr. */
bool config_load(struct config *config, const char *file);
/* One more setting, from the command line. false when there is no such key. */
bool config_set(struct config *config, const char *key, const char *value);
/* Defaults for what is still missing. false when a value is not usable. */
bool config_complete(struct config *config);
void config_finish(struct config *config);

/* Calls back with each key and the value in force, secrets masked: for plenum doctor. */
void config_each(const struct config *config, void (*each)(const char *key, const char *value));

/* Is an address, as text, inside a comma-separated list of networks? */
bool network_holds(const char *networks, const char *address);

#endif
