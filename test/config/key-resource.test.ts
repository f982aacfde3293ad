import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseKeyResource } from "../../src/config/key-resource.ts";

const id = "1234abcd-12ab-34cd-56ef-1234567890ab";
const replica = "mrk-1234abcd12ab34cd56ef1234567890ab";

describe("parseKeyResource", () => {
  it.each([
    [`arn:aws:kms:us-east-2:111122223333:key/${id}`, "111122223333", "us-east-2", id],
    [`arn:aws:kms:us-west-1:012345678901:key/${replica}`, "012345678901", "us-west-1", replica],
    [`arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/${id}`, "111122223333", "us-gov-west-1", id],
    [`arn:aws-cn:kms:cn-north-1:111122223333:key/${id}`, "111122223333", "cn-north-1", id],
  ])("reads %s", (text, account, location, name) => {
    expect(parseKeyResource(text)).toEqual({
      ok: true,
      default_name: name,
      resource: {
        provider: "aws",
        kind: "aws.kms-key",
        resource: text,
        scope: `${account}/${location}`,
        account,
        location,
      },
    });
  });

  it.each([
    ["nothing", "", "it is empty"],
    ["blanks", "  ", "it is empty"],
    ["a space within", `arn:aws:kms:us-east-2:111122223333:key/ ${id}`, "spaces"],
    ["a line break at the end", `arn:aws:kms:us-east-2:111122223333:key/${id}\n`, "line breaks"],
    ["an alias ARN", "arn:aws:kms:us-east-2:111122223333:alias/prod", "aws kms describe-key --key-id arn:aws:kms:"],
    ["an alias", "alias/prod", "it is an alias"],
    ["a bare key id", id, "bare key id"],
    ["a bare id of a multi-Region key", replica, "bare key id"],
    ["the last part of an ARN", `key/${id}`, "bare key id"],
    ["an ARN of another service", "arn:aws:iam::111122223333:role/r", 'the service "iam"'],
    ["another partition", `arn:aws-iso:kms:us-iso-east-1:111122223333:key/${id}`, 'partition is "aws-iso"'],
    [
      "a region of China in aws",
      `arn:aws:kms:cn-north-1:111122223333:key/${id}`,
      "is in the partition aws-cn, not aws",
    ],
    [
      "a GovCloud region in aws",
      `arn:aws:kms:us-gov-west-1:111122223333:key/${id}`,
      "the partition aws-us-gov, not aws",
    ],
    ["a usual region in aws-cn", `arn:aws-cn:kms:us-east-2:111122223333:key/${id}`, "the partition aws, not aws-cn"],
    ["China in GovCloud", `arn:aws-us-gov:kms:cn-north-1:111122223333:key/${id}`, "aws-cn, not aws-us-gov"],
    ["a longer prefix", `arn:aws:kms:usa-east-2:111122223333:key/${id}`, 'region is "usa-east-2"'],
    ["an account number of 11 digits", `arn:aws:kms:us-east-2:11112222333:key/${id}`, "has 11 digits"],
    ["an account that is no number", `arn:aws:kms:us-east-2:<account>:key/${id}`, 'account is "<account>"'],
    ["no region", `arn:aws:kms::111122223333:key/${id}`, 'region is ""'],
    ["a zone for a region", `arn:aws:kms:us-east-2a:111122223333:key/${id}`, 'region is "us-east-2a"'],
    ["a placeholder", "arn:aws:kms:us-east-2:111122223333:key/<key-id>", 'key id is "<key-id>"'],
    ["capitals", `arn:aws:kms:us-east-2:111122223333:key/${id.toUpperCase()}`, "has capitals"],
    ["a shortened id", "arn:aws:kms:us-east-2:111122223333:key/1234abcd", "expected a UUID"],
    ["something after the id", `arn:aws:kms:us-east-2:111122223333:key/${id}/x`, "expected a UUID"],
    ["more parts", `arn:aws:kms:us-east-2:111122223333:key/${id}:x`, "expected a UUID"],
    ["another kind of resource", "arn:aws:kms:us-east-2:111122223333:custom-key-store/x", "custom-key-store/x"],
    ["an unfinished ARN", "arn:aws:kms", 'region is ""'],
    ["Anthropic's id", "ekey_01AbCdEf", "Anthropic's id"],
    ["any text", "prod", "it names no key"],
  ])("says what is wrong with %s", (_, text, detail) => {
    expect(parseKeyResource(text)).toEqual({
      ok: false,
      detail: expect.stringContaining(detail),
    });
  });

  it("keeps every part of a key ARN", () => {
    const account = fc.stringMatching(/^\d{12}$/);
    const key = fc.oneof(fc.uuid(), fc.stringMatching(/^mrk-[0-9a-f]{32}$/));
    fc.assert(
      fc.property(fc.constantFrom("us-east-1", "us-west-2", "eu-central-1"), account, key, (region, number, name) => {
        const text = `arn:aws:kms:${region}:${number}:key/${name}`;
        const parsed = parseKeyResource(text);
        expect(parsed).toMatchObject({
          ok: true,
          default_name: name,
          resource: { resource: text, scope: `${number}/${region}` },
        });
      }),
    );
  });

  it("answers any text, and takes none that has more or less than a key ARN", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseKeyResource(text).ok).toBe(false);
        expect(parseKeyResource(`arn:aws:kms:us-east-2:111122223333:key/${id}${text}`).ok).toBe(text === "");
      }),
    );
  });
});
