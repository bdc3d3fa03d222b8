/* services/core: what can go wrong, by name. A fault is always static const; NULL is success. */
#ifndef CORE_FAULT_H
#define CORE_FAULT_H

enum fault_kind {
	FAULT_CALLER,  /* the request is wrong; repeating it will not help */
	FAULT_METHOD,  /* no such method */
	FAULT_REQUEST, /* not a JSON-RPC call */
	FAULT_PARSE,   /* not JSON */
	FAULT_DENIED,  /* not for this caller */
	FAULT_STATE,   /* right request, wrong moment */
	FAULT_BUSY,    /* temporary: repeat later */
	FAULT_UNKNOWN, /* the write may have happened: repeat with the same key */
	FAULT_BUG      /* ours */
};

struct fault {
	const char *code; /* stable and dotted: docs/protocol.md */
	enum fault_kind kind;
	const char *text; /* one sentence for a person */
};

typedef const struct fault *fault;
#define OK ((fault)0)

/* Shared by all rooms; a service declares its own beside its methods. */
extern const struct fault fault_bad_request, fault_parse, fault_not_call, fault_no_method,
    fault_not_found, fault_auth_required, fault_auth_expired, fault_denied, fault_rate, fault_size,
    fault_conflict, fault_key_reused, fault_busy, fault_unknown_outcome, fault_internal;

/* The JSON-RPC code of a kind. */
int fault_rpc_code(enum fault_kind kind);

#endif
