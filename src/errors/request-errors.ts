// What a request can be answered with.
import type { ErrorCodeEntry } from "./error-code-entry.ts";

export const requestErrors = {
  // Keys and checks.
  "invalid-resource": {
    title: "Not the name of a key",
    status: 400,
    exit: 2,
    meaning: "A key's resource is not the full name under which its provider knows the key.",
    remedy:
      "Give the key's own full name: in AWS the ARN that `aws kms describe-key` prints, not an alias and not the bare key id; in Google Cloud the name that `gcloud kms keys describe` prints, without a version.",
  },
  "unsupported-resource": {
    title: "Key of a provider that this version cannot read",
    status: 400,
    exit: 2,
    meaning: "The resource names a key, but of a provider for which this version has no collector.",
    remedy: "Register keys of AWS KMS and Google Cloud KMS, or use a version that supports the provider.",
  },
  "unknown-guidance": {
    title: "Unknown guidance revision",
    status: 400,
    exit: 2,
    meaning: "A key or the configuration names a revision of the documented rules that this version does not have.",
    remedy: "Name one of the revisions that the detail lists, or none for the configured one.",
  },
  "key-exists": {
    title: "Name of a key is taken",
    status: 409,
    exit: null,
    meaning: "Another registered key has this name already.",
    remedy: "Choose another name, or change the registered key with PATCH /keys/{name}.",
  },
  "resource-already-registered": {
    title: "Resource is registered already",
    status: 409,
    exit: null,
    meaning: "A resource is registered once, and a key with another name has this one.",
    remedy: "Use the key that the detail names, or delete it first.",
  },
  "key-from-file": {
    title: "Key belongs to the configuration file",
    status: 409,
    exit: null,
    meaning: "A key that comes from the configuration file changes only there.",
    remedy: "Change the key in the configuration file and restart the service.",
  },
  "key-not-found": {
    title: "No such key",
    status: 404,
    exit: 2,
    meaning: "No registered key has this name; a retired key counts as none.",
    remedy: "List the names with GET /keys.",
  },
  "check-not-found": {
    title: "No such check",
    status: 404,
    exit: 2,
    meaning: "The catalogue of this version has no check with this id.",
    remedy: "List the ids with `keyposture checks` or GET /checks.",
  },
  "finding-not-found": {
    title: "No such finding",
    status: 404,
    exit: null,
    meaning: "No finding has this id, or there was none at the asked moment.",
    remedy: "List the findings with GET /findings.",
  },
  "scan-not-found": {
    title: "No such scan",
    status: 404,
    exit: null,
    meaning: "No scan has this id, or it is older than scans are kept.",
    remedy: "List the scans with GET /scans.",
  },

  // Requests.
  "malformed-request": {
    title: "Malformed request",
    status: 400,
    exit: null,
    meaning: "The request's path, headers or framing are not HTTP as it is written down.",
    remedy: "Check the encoding of the path, and what stands between the client and the service.",
  },
  "not-found": {
    title: "No such route",
    status: 404,
    exit: null,
    meaning: "The service has nothing at this path.",
    remedy: "Look the routes up in /docs or /openapi.json.",
  },
  "method-not-allowed": {
    title: "Method not allowed here",
    status: 405,
    exit: null,
    meaning: "The path exists, but not for this method; the Allow header lists those that it has.",
    remedy: "Use one of the methods in the Allow header.",
  },
  "unknown-parameter": {
    title: "Unknown query parameter",
    status: 400,
    exit: null,
    meaning:
      "A query parameter is not one of the route's. It is refused, because an ignored filter answers another question.",
    remedy: "Use only the parameters that the detail lists.",
  },
  "invalid-parameter": {
    title: "Invalid parameter",
    status: 400,
    exit: null,
    meaning: "A parameter of the query or of the path has a value that it cannot have.",
    remedy: "Correct the parameters listed in errors.",
  },
  "as-of-in-future": {
    title: "as_of lies in the future",
    status: 400,
    exit: null,
    meaning: "Nothing has been concluded yet about the asked moment.",
    remedy: "Ask for a past moment, or leave as_of out.",
  },
  "cursor-invalid": {
    title: "Invalid cursor",
    status: 400,
    exit: null,
    meaning: "The cursor was not made by this service, or not for this query.",
    remedy: "Use next_cursor of the page before unchanged, with the same parameters, or start again without a cursor.",
  },
  "invalid-body": {
    title: "Invalid request body",
    status: 400,
    exit: null,
    meaning: "The body is no JSON, or not of the shape that the route takes.",
    remedy: "Correct the fields listed in errors.",
  },
  "body-too-large": {
    title: "Request body too large",
    status: 413,
    exit: null,
    meaning: "The body has more bytes than the route accepts.",
    remedy: "Send a smaller body.",
  },
  "unsupported-media-type": {
    title: "Unsupported media type",
    status: 415,
    exit: null,
    meaning: "The body is sent as something else than the route takes.",
    remedy: "Send JSON with `Content-Type: application/json`.",
  },
  "foreign-host": {
    title: "Foreign Host header",
    status: 421,
    exit: null,
    meaning:
      "The Host header does not name the address that the service listens on. This is how a web page reaches a local service by a name of its own.",
    remedy: "Address the service as the host and port under server: in the configuration, or as localhost.",
  },
  "foreign-origin": {
    title: "Foreign Origin header",
    status: 403,
    exit: null,
    meaning: "The request comes from a web page that the service did not serve.",
    remedy: "Call the service from its own pages or from a program that sends no Origin header.",
  },
  "not-ready": {
    title: "Not ready",
    status: 503,
    exit: 2,
    meaning: "The service is starting or stopping, or its database is not usable.",
    remedy: "Try again; if it lasts, read the service's log.",
  },
  "internal-error": {
    title: "Internal error",
    status: 500,
    exit: 70,
    meaning: "A fault of the program; the log has it with its stack.",
    remedy: "Report it with the log lines around it.",
  },
} as const satisfies Record<string, ErrorCodeEntry>;
