import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { takesKmsDataAccess } from "../../../src/access/gcp/log-filter.ts";
import { triWord } from "../../../src/access/three-valued.ts";
import { anthropicGcpAccount } from "../../../src/guidance/identifiers.ts";
import { testDefaultSink } from "../../support/gcp-kms-key.ts";

const projects = ["acme-prod", "123456789012"];
const dataAccess = 'LOG_ID("cloudaudit.googleapis.com/data_access")';

describe("takesKmsDataAccess", () => {
  it.each([
    ["", "true"],
    ["  -- nothing but words\n", "true"],
    [testDefaultSink.filter, "true"],
    [dataAccess, "true"],
    [`log_id('cloudaudit.googleapis.com/data_access')`, "true"],
    ['LOG_ID("cloudaudit.googleapis.com/activity")', "false"],
    [`NOT ${dataAccess}`, "false"],
    [`-${dataAccess}`, "false"],
    [`NOT NOT ${dataAccess}`, "true"],
    ['logName="projects/acme-prod/logs/cloudaudit.googleapis.com%2Fdata_access"', "true"],
    ['logName = "projects/123456789012/logs/cloudaudit.googleapis.com%2fdata_access"', "true"],
    ['logName="projects/other/logs/cloudaudit.googleapis.com%2Fdata_access"', "false"],
    ['logName:"cloudaudit.googleapis.com"', "true"],
    ['logName:"activity"', "false"],
    ['logName!="projects/acme-prod/logs/cloudaudit.googleapis.com%2Fdata_access"', "false"],
    ['protoPayload.serviceName="cloudkms.googleapis.com"', "true"],
    // Whether the field is there at all.
    ["protoPayload.serviceName:*", "true"],
    ["NOT protoPayload.serviceName:*", "false"],
    ["logName:*", "true"],
    ["resource.type:*", "true"],
    ["protoPayload.status:*", "unknown"],
    ['protoPayload.serviceName=("*" OR "storage.googleapis.com")', "false"],
    ['protoPayload.serviceName=("storage.googleapis.com" OR "cloudkms.googleapis.com")', "true"],
    ["protoPayload.serviceName=cloudkms.googleapis.com", "true"],
    ['resource.type="cloudkms_cryptokey"', "unknown"],
    ['resource.type:"cloudkms"', "true"],
    ['resource.type="gce_instance"', "false"],
    ['-resource.type="gce_instance"', "true"],
    ["severity>=ERROR", "unknown"],
    ["sample(insertId, 0.5)", "unknown"],
    ['search("data_access")', "unknown"],
    ['LOG_ID("cloudaudit.googleapis.com/data_access", "x")', "unknown"],
    ["anything", "unknown"],
    [`anything OR ${dataAccess}`, "true"],
    ['anything logName:"activity"', "false"],
    // AND binds less than OR, and may be left out.
    [`severity>=ERROR AND NOT ${dataAccess}`, "false"],
    [`severity>=ERROR OR ${dataAccess}`, "true"],
    [`resource.type="gce_instance" OR ${dataAccess} AND logName:"activity"`, "false"],
    [`${dataAccess} logName:"activity"`, "false"],
    [`(resource.type="gce_instance" AND severity>=ERROR) OR ${dataAccess}`, "true"],
    // What is no filter is nothing that can be judged.
    [`(${dataAccess}`, "unknown"],
    [`${dataAccess})`, "unknown"],
    ["NOT", "unknown"],
    ['"unfinished', "unknown"],
    ["logName=", "unknown"],
    ["logName=(", "unknown"],
    ["= 1", "unknown"],
    ['protoPayload.methodName="Decrypt"', "unknown"],
    ['protoPayload.methodName=~"Decrypt"', "unknown"],
    ['logName=~"data_access"', "unknown"],
  ])("of %s is %s", (filter, expected) => {
    expect(triWord(takesKmsDataAccess(filter, projects))).toBe(expected);
  });

  it.each([
    ['protoPayload.methodName="Decrypt"', "true", "false"],
    ['protoPayload.methodName="Encrypt" OR protoPayload.methodName="Decrypt"', "true", "true"],
    ['protoPayload.methodName:"crypt"', "true", "true"],
    ['protoPayload.methodName="GetCryptoKey"', "false", "false"],
  ] as const)("of %s is %s for Decrypt, %s for Encrypt", (filter, decrypt, encrypt) => {
    expect(triWord(takesKmsDataAccess(filter, projects, "Decrypt"))).toBe(decrypt);
    expect(triWord(takesKmsDataAccess(filter, projects, "Encrypt"))).toBe(encrypt);
  });

  it("knows whose records they are", () => {
    const by = (name: string) =>
      takesKmsDataAccess(`protoPayload.authenticationInfo.principalEmail="${name}"`, projects);
    expect(triWord(by(anthropicGcpAccount))).toBe("true");
    expect(triWord(by("ann@acme.example"))).toBe("false");
    expect(triWord(takesKmsDataAccess('constructor="x"', projects))).toBe("unknown");
  });

  it("is not known of a filter that is longer than any", () => {
    const long = (length: number) => `${dataAccess} --`.padEnd(length, "x");
    expect(triWord(takesKmsDataAccess(long(20_000), projects))).toBe("true");
    expect(triWord(takesKmsDataAccess(long(20_001), projects))).toBe("unknown");
  });

  it("answers any text, and does not ask for too much time", () => {
    const words = fc.constantFrom(
      "AND",
      "OR",
      "NOT",
      "(",
      ")",
      "-",
      "=",
      ":",
      '"a"',
      "logName",
      "severity",
      "LOG_ID",
      ",",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string()), { maxLength: 30 }), (parts) => {
        expect([0, 1, 2]).toContain(takesKmsDataAccess(parts.join(" "), projects));
      }),
    );
    expect(triWord(takesKmsDataAccess("(".repeat(100_000), projects))).toBe("unknown");
  });

  it("turns round under NOT", () => {
    const filters = fc.constantFrom(
      dataAccess,
      "severity>=ERROR",
      'logName:"activity"',
      `${dataAccess} OR severity>=ERROR`,
    );
    fc.assert(
      fc.property(filters, (filter) => {
        expect(takesKmsDataAccess(`NOT (${filter})`, projects)).toBe(2 - takesKmsDataAccess(filter, projects));
      }),
    );
  });
});
