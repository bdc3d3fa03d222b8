/* services/core: the faults that belong to no single service. */
#include "services/core/fault.h"

const struct fault fault_bad_request = {"bad_request", FAULT_CALLER,
					"The request is not as it should be."};
const struct fault fault_parse = {"bad_request", FAULT_PARSE, "This is not acceptable JSON."};
const struct fault fault_not_call = {"bad_request", FAULT_REQUEST,
				     "This is not a JSON-RPC 2.0 call."};
const struct fault fault_no_method = {"not_found", FAULT_METHOD, "There is no such method."};
const struct fault fault_not_found = {"not_found", FAULT_CALLER,
				      "There is no such thing in this conference."};
const struct fault fault_auth_required = {"auth.required", FAULT_DENIED, "Sign in first."};
const struct fault fault_auth_expired = {"auth.expired", FAULT_DENIED,
					 "Your session has ended. Sign in again."};
const struct fault fault_denied = {"denied", FAULT_DENIED, "Your role does not allow this."};
const struct fault fault_rate = {"limit.rate", FAULT_BUSY, "That was too often. Wait a moment."};
const struct fault fault_size = {"limit.size", FAULT_CALLER, "That is too long."};
const struct fault fault_conflict = {"conflict", FAULT_STATE,
				     "Somebody changed this in the meantime."};
const struct fault fault_key_reused = {"key.reused", FAULT_CALLER,
				       "This key was used for something else."};
const struct fault fault_busy = {"busy", FAULT_BUSY, "We are busy. Try again in a moment."};
const struct fault fault_unknown_outcome = {
    "unknown_outcome", FAULT_UNKNOWN,
    "We cannot say whether this was done. Repeat it with the same key."};
const struct fault fault_internal = {"internal", FAULT_BUG, "Something is wrong on our side."};

int fault_rpc_code(enum fault_kind kind)
{
	switch (kind) {
	case FAULT_CALLER:
		return -32602;
	case FAULT_METHOD:
		return -32601;
	case FAULT_REQUEST:
		return -32600;
	case FAULT_PARSE:
		return -32700;
	case FAULT_DENIED:
		return -32001;
	case FAULT_STATE:
		return -32010;
	case FAULT_BUSY:
		return -32020;
	case FAULT_UNKNOWN:
		return -32030;
	case FAULT_BUG:
		break;
	}
	return -32603;
}
