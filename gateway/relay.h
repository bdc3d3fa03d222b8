/* gateway: the mail relay of the configuration: what it is called, and how it is talked to. */
#ifndef GATEWAY_RELAY_H
#define GATEWAY_RELAY_H

#include "gateway/config.h"

#include <curl/curl.h>

enum { RELAY_NAME_SIZE = 300 };

/*
 * host:port of smtp_url, without what is secret in it. Returns NULL, or a sentence on what is wrong
 * with the mail settings. Without smtp_url the name is empty.
 */
const char *relay_read(const struct config *config, char ret_name[RELAY_NAME_SIZE]);
/* Everything that any talk with it needs: address, TLS, patience. */
void relay_prepare(CURL *curl, const struct config *config);
/* For plenum doctor: connects, speaks TLS, signs in, sends nothing. NULL, or what went wrong;
 * static. */
const char *relay_try(const struct config *config);

#endif
