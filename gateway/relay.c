/* gateway: the mail relay of the configuration. */
#include "gateway/relay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECT_S = 10, IDLE_S = 30 };

static bool is_loopback(const char *host)
{
	return strcmp(host, "localhost") == 0 || strncmp(host, "127.", 4) == 0 ||
	       strcmp(host, "[::1]") == 0;
}

/* TLS is what must be, but towards this machine itself; smtp_tls says otherwise. */
static bool tls_needed(const struct config *config, const char *host)
{
	if (config->smtp_tls != NULL)
		return strcmp(config->smtp_tls, "off") != 0;
	return !is_loopback(host);
}

static char *part(CURLU *url, CURLUPart what)
{
	char *text = NULL;

	return curl_url_get(url, what, &text, what == CURLUPART_PORT ? CURLU_DEFAULT_PORT : 0) ==
		       CURLUE_OK
		   ? text
		   : NULL;
}

static const char *read_parts(const struct config *config, CURLU *url,
			      char ret_name[RELAY_NAME_SIZE])
{
	char *scheme = part(url, CURLUPART_SCHEME), *host = part(url, CURLUPART_HOST);
	char *port = part(url, CURLUPART_PORT), *password = part(url, CURLUPART_PASSWORD);
	const char *wrong = NULL;

	if (host == NULL || port == NULL || strlen(host) > 255 ||
	    (strcmp(scheme, "smtp") != 0 && strcmp(scheme, "smtps") != 0))
		wrong = "smtp_url is smtp://user:password@host:587, or smtps://…";
	else if (password != NULL && strcmp(scheme, "smtp") == 0 && !tls_needed(config, host) &&
		 !is_loopback(host))
		wrong = "smtp_url: a password does not travel without TLS";
	else
		snprintf(ret_name, RELAY_NAME_SIZE, "%s:%s", host, port);
	curl_free(scheme);
	curl_free(host);
	curl_free(port);
	curl_free(password);
	return wrong;
}

const char *relay_read(const struct config *config, char ret_name[RELAY_NAME_SIZE])
{
	CURLU *url;
	const char *wrong;

	ret_name[0] = 0;
	if (config->smtp_tls != NULL && strcmp(config->smtp_tls, "off") != 0 &&
	    strcmp(config->smtp_tls, "required") != 0)
		return "smtp_tls is required or off";
	if (config->smtp_url == NULL || config->smtp_url[0] == 0)
		return NULL;
	url = curl_url();
	wrong = curl_url_set(url, CURLUPART_URL, config->smtp_url, CURLU_NON_SUPPORT_SCHEME) ==
			CURLUE_OK
		    ? read_parts(config, url, ret_name)
		    : "smtp_url is smtp://user:password@host:587, or smtps://…";
	curl_url_cleanup(url);
	return wrong;
}

void relay_prepare(CURL *curl, const struct config *config)
{
	char name[RELAY_NAME_SIZE];
	long patience = config->smtp_timeout;

	relay_read(config, name);
	*strrchr(name, ':') = 0;
	curl_easy_setopt(curl, CURLOPT_URL, config->smtp_url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(curl, CURLOPT_USE_SSL,
			 tls_needed(config, name) ? (long)CURLUSESSL_ALL : (long)CURLUSESSL_NONE);
	if (config->smtp_ca != NULL)
		curl_easy_setopt(curl, CURLOPT_CAINFO, config->smtp_ca);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT,
			 patience < CONNECT_S ? patience : (long)CONNECT_S);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, patience);
	/* A relay hangs up on those who are silent for long. */
	curl_easy_setopt(curl, CURLOPT_MAXAGE_CONN, (long)IDLE_S);
}

const char *relay_try(const struct config *config)
{
	static char wrong[CURL_ERROR_SIZE + 100];
	CURL *curl = curl_easy_init();
	CURLcode code;

	wrong[0] = 0;
	relay_prepare(curl, config);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, wrong);
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, "NOOP");
	curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
	code = curl_easy_perform(curl);
	if (code != CURLE_OK && wrong[0] == 0)
		snprintf(wrong, sizeof(wrong), "%s", curl_easy_strerror(code));
	curl_easy_cleanup(curl);
	return code == CURLE_OK ? NULL : wrong;
}
