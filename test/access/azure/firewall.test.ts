import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { entriesVerdict, firewallVerdict, refusedRanges, staleRules } from "../../../src/access/azure/firewall.ts";
import { azureFirewall } from "../../support/azure-vault-key.ts";

/** Sixteen addresses, few enough to ask for each of them. */
const egress = ["160.79.104.240/28"];
const addresses = Array.from({ length: 16 }, (_, index) => `160.79.104.${240 + index}`);

/** What may be listed in and around them: single addresses and ranges that begin anywhere. */
const entry = fc
  .tuple(fc.integer({ min: 224, max: 255 }), fc.constantFrom("", "/32", "/31", "/30", "/29", "/28", "/27", "/24"))
  .map(([last, prefix]) => `160.79.104.${last}${prefix}`);
const entries = fc.array(entry, { maxLength: 12 });

const isHeld = (listed: readonly string[], address: string) =>
  listed.some((one) => entriesVerdict([one], [address]).decision === "allowed");

describe("entriesVerdict", () => {
  it("lets the range in exactly where each of its addresses is held by some entry", () => {
    fc.assert(
      fc.property(entries, (listed) => {
        const held = addresses.filter((address) => isHeld(listed, address));
        const { decision } = entriesVerdict(listed, egress);
        expect(decision).toBe(held.length === addresses.length ? "allowed" : "blocked");
      }),
    );
  });

  it("names as refused exactly the addresses that no entry holds", () => {
    fc.assert(
      fc.property(entries, (listed) => {
        const { refused } = entriesVerdict(listed, egress);
        const told = refused.flatMap((text) => {
          const [first = "", last = first] = text.split("-");
          return addresses.slice(addresses.indexOf(first), addresses.indexOf(last) + 1);
        });
        expect(told).toEqual(addresses.filter((address) => !isHeld(listed, address)));
      }),
    );
  });

  it("does not depend on the order, nor on entries told twice", () => {
    fc.assert(
      fc.property(entries, (listed) => {
        expect(entriesVerdict([...listed, ...listed.toReversed()], egress)).toEqual(entriesVerdict(listed, egress));
      }),
    );
  });

  it("lets no less in with one entry more", () => {
    fc.assert(
      fc.property(entries, entry, (listed, more) => {
        const before = entriesVerdict(listed, egress);
        const after = entriesVerdict([...listed, more], egress);
        if (before.decision === "allowed") expect(after.decision).toBe("allowed");
      }),
    );
  });
});

describe("refusedRanges", () => {
  it("lists what has to be added so that the firewall lets all in", () => {
    fc.assert(
      fc.property(entries, (ip_rules) => {
        const added = [...ip_rules, ...refusedRanges(ip_rules, egress)];
        expect(firewallVerdict(azureFirewall({ ip_rules: added }), egress).decision).toBe("allowed");
      }),
    );
  });

  it("leaves out ranges that are held", () => {
    expect(refusedRanges(["203.0.113.0/25"], ["203.0.113.0/25", "198.51.100.0/24"])).toEqual(["198.51.100.0/24"]);
  });
});

describe("staleRules", () => {
  it("has nothing to say of the inbound range once all of the outbound one is listed", () => {
    fc.assert(
      fc.property(entries, (ip_rules) => {
        const outbound = ["160.79.104.0/21"];
        expect(staleRules(azureFirewall({ ip_rules: [...ip_rules, ...outbound] }), outbound).inbound_only).toBe(false);
      }),
    );
  });
});
