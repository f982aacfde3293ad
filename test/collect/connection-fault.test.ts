/** Failures below HTTP are the same for every provider: the network's, and never a fault of our own. */
import { expect, it } from "vitest";
import { classifyAwsError } from "../../src/collect/aws/classify-error.ts";
import { classifyAzureError } from "../../src/collect/azure/classify-error.ts";
import { classifyGcpError } from "../../src/collect/gcp/classify-error.ts";

const classifiers = { aws: classifyAwsError, gcp: classifyGcpError, azure: classifyAzureError };

it.each([
  // https://nodejs.org/api/errors.html#common-system-errors
  [{ code: "ECONNREFUSED", syscall: "connect" }, "unavailable"],
  [{ code: "ENOTFOUND", syscall: "getaddrinfo" }, "unavailable"],
  [{ code: "EPROTO", syscall: "write" }, "unavailable"],
  [{ code: "ENETDOWN", syscall: "connect" }, "unavailable"],
  // A firewall that says no.
  [{ code: "EACCES", syscall: "connect" }, "unavailable"],
  [{ code: "EADDRNOTAVAIL", syscall: "connect" }, "unavailable"],
  [{ code: "EMFILE", syscall: "connect" }, "unavailable"],
  [{ code: "ETIMEDOUT", syscall: "connect" }, "timeout"],
  // https://nodejs.org/api/tls.html#x509-certificate-error-codes
  [{ code: "UNABLE_TO_GET_ISSUER_CERT_LOCALLY" }, "unavailable"],
  [{ code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" }, "unavailable"],
  [{ code: "CERT_HAS_EXPIRED" }, "unavailable"],
  [{ code: "INVALID_PURPOSE" }, "unavailable"],
  [{ code: "HOSTNAME_MISMATCH" }, "unavailable"],
  [{ code: "ERR_TLS_CERT_ALTNAME_INVALID" }, "unavailable"],
  // Of the parser, and of what was compressed.
  [{ code: "HPE_INVALID_CONSTANT" }, "unavailable"],
  [{ code: "HPE_HEADER_OVERFLOW" }, "unavailable"],
  [{ code: "Z_DATA_ERROR" }, "unavailable"],
])("%j is %s", (fields, reason) => {
  for (const [provider, classify] of Object.entries(classifiers)) {
    const refusal = classify(Object.assign(new Error("said"), fields));
    expect(refusal, provider).toMatchObject({ reason, again: "soon", detail: expect.stringContaining("said") });
  }
});

it.each([new TypeError("x is not a function"), Object.assign(new Error("no such file"), { code: "ENOENT" })])(
  "%s is none",
  (error) => {
    for (const [provider, classify] of Object.entries(classifiers)) expect(classify(error), provider).toBeUndefined();
  },
);
