/* services/mail: what comes back (RFC 3464): which mail of ours it is about, and why. Anybody can
 * write such a message. What names a mail is its id, which is random: whoever knows it was written
 * that mail, or carried it. */
#include "services/core/text.h"
#include "services/mail/mail.h"
#include "services/mail/mime.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { PARTS = 20, RECIPIENTS = 100, REASON = 250, ID = UUID_SIZE - 1 };

static const struct fault bounce_unreadable = {"bounce.unreadable", FAULT_CALLER,
					       "That is no delivery status notification."};
static const struct fault bounce_foreign = {"bounce.foreign", FAULT_CALLER,
					    "It is about a mail that did not come from here."};

struct reading {
	struct arena *arena;
	const char *action, *status, *diagnostic;
	const char *message_id; /* of what was returned */
};

static const char *action_of(const char *text)
{
	static const char *const actions[] = {"failed", "delayed", "delivered", "relayed",
					      "expanded"};

	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (mime_is(text, actions[i]))
			return actions[i];
	return NULL;
}

/* A group of fields a recipient, the first of them about the message. Of more than one recipient
 * the first that failed counts. */
static void read_status(struct reading *r, struct span fields)
{
	for (int i = 0; i < RECIPIENTS && fields.n > 0; i++) {
		struct span group;
		const char *action;

		mime_split(fields, &group, &fields);
		action = action_of(mime_header(r->arena, group, "Action"));
		if (action == NULL || (r->action != NULL && strcmp(action, "failed") != 0))
			continue;
		r->action = action;
		r->status = mime_header(r->arena, group, "Status");
		r->diagnostic = mime_header(r->arena, group, "Diagnostic-Code");
		if (strcmp(action, "failed") == 0)
			break;
	}
}

static void read_part(struct reading *r, struct span part)
{
	struct span head, body;
	const char *type;

	mime_split(part, &head, &body);
	type = mime_header(r->arena, head, "Content-Type");
	if (r->action == NULL && (mime_is(type, "message/delivery-status") ||
				  mime_is(type, "message/global-delivery-status"))) {
		read_status(r, mime_decoded(r->arena, head, body));
	} else if (r->message_id == NULL &&
		   (mime_is(type, "text/rfc822-headers") || mime_is(type, "message/rfc822") ||
		    mime_is(type, "message/global-headers") || mime_is(type, "message/global"))) {
		mime_split(mime_decoded(r->arena, head, body), &head, &body);
		r->message_id = mime_header(r->arena, head, "Message-ID");
	}
}

/* "<id@host>" → id, if it has the form of ours; the last of more. */
static const char *id_of(struct arena *arena, const char *text)
{
	const char *open = text != NULL ? strrchr(text, '<') : NULL;
	char *id;

	if (open == NULL || strcspn(open + 1, "@>") != ID || open[1 + ID] != '@')
		return NULL;
	id = arena_strndup(arena, open + 1, ID);
	if (!text_uuid_ok(id))
		return NULL;
	for (char *c = id; *c != 0; c++)
		*c = (char)tolower((unsigned char)*c);
	return id;
}

/* Without returned headers it is an answer to our mail. */
static const char *mail_of(const struct reading *r, struct span head)
{
	static const char *const names[] = {"In-Reply-To", "References"};
	const char *id = NULL;

	if (r->message_id != NULL)
		return id_of(r->arena, r->message_id);
	for (int i = 0; i < 2 && id == NULL; i++)
		id = id_of(r->arena, mime_header(r->arena, head, names[i]));
	return id;
}

/* "5.1.1 (no such mailbox)" → "5.1.1"; what has no such form says nothing. */
static const char *status_of(struct arena *arena, const char *text)
{
	size_t n = text != NULL ? strspn(text, "0123456789.") : 0;

	if (n < 5 || n > 9 || strchr("245", *text) == NULL || text[1] != '.')
		return "";
	return arena_strndup(arena, text, n);
}

/* "smtp; 550 5.1.1 no" → "5.1.1 550 …", with the status once: one line. */
static const char *reason_of(const struct reading *r)
{
	const char *status = status_of(r->arena, r->status), *said = r->diagnostic, *type;
	char *line;
	size_t n = 0;

	type = said != NULL ? strchr(said, ';') : NULL;
	said = type != NULL ? type + 1 : said != NULL ? said : "";
	said += strspn(said, " ");
	if (*said == 0)
		said = *status != 0 ? status : "failed";
	else if (strstr(said, status) == NULL)
		said = arena_printf(r->arena, "%s %s", status, said);
	line = arena_alloc(r->arena, REASON + 1);
	for (; *said != 0 && n < REASON; said++) {
		char c = *said;

		if ((unsigned char)c < 0x20 || (unsigned char)c > 0x7e)
			c = ' ';
		if (c != ' ' || (n > 0 && line[n - 1] != ' '))
			line[n++] = c;
	}
	while (n > 0 && line[n - 1] == ' ')
		n--;
	line[n] = 0;
	return n > 0 ? line : "failed";
}

/* An mbox's first line: how a mail server gives a mail to a command. */
static void skip_from(struct span *all)
{
	struct span line;

	if (all->n > 5 && memcmp(all->s, "From ", 5) == 0)
		mime_line(all, &line);
}

fault mail_report_read(struct arena *arena, const char *bytes, size_t size, struct mail_report *ret)
{
	struct reading r = {.arena = arena};
	struct span all = {bytes, size}, head, body, part;
	const char *type, *kind, *boundary, *mail;

	skip_from(&all);
	mime_split(all, &head, &body);
	type = mime_header(arena, head, "Content-Type");
	if (!mime_is(type, "multipart/report"))
		return &bounce_unreadable;
	kind = mime_param(arena, type, "report-type");
	boundary = mime_param(arena, type, "boundary");
	if (kind == NULL || strcasecmp(kind, "delivery-status") != 0 || boundary == NULL)
		return &bounce_unreadable;
	body = mime_decoded(arena, head, body);
	for (int i = 0; i < PARTS && mime_part(&body, boundary, &part); i++)
		read_part(&r, part);
	if (r.action == NULL)
		return &bounce_unreadable;
	mail = mail_of(&r, head);
	if (mail == NULL)
		return &bounce_foreign;
	*ret = (struct mail_report){.mail = mail, .action = r.action, .reason = reason_of(&r)};
	return OK;
}
