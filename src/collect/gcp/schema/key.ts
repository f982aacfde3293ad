/** What is used of Cloud KMS's answers, and nothing else. Fields that are not named here may come and go. */
import { z } from "zod";
import type { Fact } from "../../../model/fact.ts";
import { known } from "../../../model/fact.ts";
import type { GcpJustificationsPolicy, GcpKeyVersion, GcpVersionTemplate } from "../../../model/gcp.ts";
import type { Json } from "../../../model/json.ts";
import type { Page } from "../../all-pages.ts";
import { expected, field, optionalField } from "../../field.ts";
import { canonical, milliseconds, nextPage, page, reported, text, word } from "./parts.ts";

/**
 * One page of ListCryptoKeys: each key by its id, as it was told. Throws `Refused` where a key has no name: of such a list
 * nobody knows which keys are not in it.
 */
export function keysPage(answer: unknown): Page<readonly [string, unknown]> {
  const name = z.string().regex(/\/cryptoKeys\/[^/]+$/, { error: "expected the name of a key" });
  const names = expected(answer, ["cryptoKeys"], z.array(z.object({ name }).transform((key) => key.name)));
  const keys = z.object({ cryptoKeys: z.array(z.unknown()) }).parse(answer).cryptoKeys;
  return { items: names.map((one, index) => [keyIdOf(one), keys[index]]), next: nextPage(answer) };
}

function keyIdOf(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

const version = z
  .object({
    name: z.string().regex(/\/cryptoKeyVersions\/\d+$/, { error: "expected the name of a key version" }),
    state: word,
    protectionLevel: word,
    algorithm: word,
    createTime: milliseconds.nullish(),
    destroyTime: milliseconds.nullish(),
    destroyEventTime: milliseconds.nullish(),
    importJob: z.string().nullish(),
    importTime: milliseconds.nullish(),
  })
  .transform(
    (one) =>
      ({
        number: Number(keyIdOf(one.name)),
        state: one.state,
        protection_level: one.protectionLevel,
        algorithm: one.algorithm,
        created: one.createTime ?? null,
        destroyed: one.destroyEventTime ?? one.destroyTime ?? null,
        imported: (one.importTime ?? null) !== null || (one.importJob ?? "") !== "",
      }) satisfies GcpKeyVersion,
  );

const template = z
  .object({ protectionLevel: word, algorithm: word })
  .transform(
    (one) => ({ protection_level: one.protectionLevel, algorithm: one.algorithm }) satisfies GcpVersionTemplate,
  );

const justifications = z
  .object({ allowedAccessReasons: z.array(word) })
  .transform((one) => ({ allowed_reasons: canonical(one.allowedAccessReasons) }) satisfies GcpJustificationsPolicy);

/** A key of the list. https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings.cryptoKeys */
export function keyFacts(key: unknown): Record<string, Fact<Json>> {
  return {
    existence: known("present"),
    read_name: reported(key, "name", text),
    purpose: reported(key, "purpose", word),
    primary: field(key, ["primary"], version.nullable()),
    template: field(key, ["versionTemplate"], template.nullable()),
    rotation: rotation(key),
    destroy_delay: reported(key, "destroyScheduledDuration", milliseconds),
    import_only: field(key, ["importOnly"], z.boolean()),
    labels: field(key, ["labels"], z.record(z.string(), z.string())),
    justifications: field(key, ["keyAccessJustificationsPolicy"], justifications.nullable()),
  };
}

/** A key that does not rotate has neither period nor date; one of them alone is told as it is. */
function rotation(key: unknown): Fact<Json> {
  const period = optionalField(key, ["rotationPeriod"], milliseconds);
  if (period.state === "unreadable") return period;
  const next = optionalField(key, ["nextRotationTime"], milliseconds);
  if (next.state === "unreadable") return next;
  return known({ period: period.value, next: next.value });
}

/** One page of ListCryptoKeyVersions. Throws `Refused` where it is not as documented. */
export function versionsPage(answer: unknown) {
  return page(answer, "cryptoKeyVersions", version) satisfies Page<GcpKeyVersion>;
}
