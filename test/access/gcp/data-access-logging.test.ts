import { describe, expect, it } from "vitest";
import { dataAccessLogging } from "../../../src/access/gcp/data-access-logging.ts";
import { anthropicGcpMember } from "../../../src/guidance/identifiers.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import type { GcpAuditConfig } from "../../../src/model/gcp.ts";
import type { GcpAuditLogging, GcpLevel } from "../../../src/model/gcp-access.ts";
import { documentedAuditConfigs } from "../../support/gcp-kms-key.ts";

const project: GcpLevel = { kind: "project", name: "projects/p" };
const folder: GcpLevel = { kind: "folder", name: "folders/1" };

function config(service: string, type: string, ...exempted: readonly string[]): GcpAuditConfig {
  return { service, logs: [{ type, exempted }] };
}

function levels(own: readonly GcpAuditConfig[], above: readonly GcpAuditConfig[] = []): GcpAuditLogging {
  return [
    { level: project, configs: known(own) },
    { level: folder, configs: known(above) },
  ];
}

describe("dataAccessLogging", () => {
  it("takes the documented set-up", () => {
    const { data_read, data_write, unread } = dataAccessLogging(levels(documentedAuditConfigs));
    const on = [{ level: project, service: "cloudkms.googleapis.com" }];
    expect(data_read).toEqual({ switched_on: on, exemptions: [] });
    expect(data_write).toEqual({ switched_on: on, exemptions: [] });
    expect(unread).toEqual([]);
  });

  it("joins the levels, and all services with one", () => {
    const { data_read, data_write } = dataAccessLogging(
      levels([config("allServices", "DATA_READ")], [config("cloudkms.googleapis.com", "DATA_WRITE")]),
    );
    expect(data_read.switched_on).toEqual([{ level: project, service: "allServices" }]);
    expect(data_write.switched_on).toEqual([{ level: folder, service: "cloudkms.googleapis.com" }]);
  });

  it("takes no other service and no other type", () => {
    const { data_read } = dataAccessLogging(
      levels([config("storage.googleapis.com", "DATA_READ"), config("allServices", "ADMIN_READ")]),
    );
    expect(data_read.switched_on).toEqual([]);
  });

  it("finds exemptions of the account, and of whatever may hold it, at every level", () => {
    const { data_read, data_write } = dataAccessLogging(
      levels(
        [
          config(
            "allServices",
            "DATA_READ",
            anthropicGcpMember,
            "user:x@y.example",
            `deleted:${anthropicGcpMember}?uid=1`,
          ),
        ],
        [config("cloudkms.googleapis.com", "DATA_READ", "group:g@y.example", "allUsers")],
      ),
    );
    expect(data_read.exemptions.map(({ level, member, holding }) => [level.kind, member.text, holding])).toEqual([
      ["project", anthropicGcpMember, "by-name"],
      ["folder", "group:g@y.example", "perhaps"],
      ["folder", "allUsers", "as-anybody"],
    ]);
    expect(data_write.exemptions).toEqual([]);
  });

  it("names the levels that could not be read", () => {
    const refused = unreadable("access-denied", "refused");
    const { unread, data_read } = dataAccessLogging([
      { level: project, configs: known(documentedAuditConfigs) },
      { level: folder, configs: refused },
    ]);
    expect(unread).toEqual([{ level: folder, fact: refused }]);
    expect(data_read.switched_on).toHaveLength(1);
  });
});
