import { setTimeout as sleep } from "node:timers/promises";
import { PutKeyPolicyCommand } from "@aws-sdk/client-kms";
import { describe, expect, it, onTestFinished } from "vitest";
import { kmsClient } from "../simulator/aws-clients.ts";
import { testKeyArn } from "../support/aws-kms-key.ts";
import { correctionCases } from "../support/correction-cases.ts";
import { createWorld } from "../support/running-service.ts";

const check = "aws/principal-role-scoped";
const wizard = correctionCases.find((one) => one.check === check && one.name === "the console wizard's policy");

interface Finding {
  readonly id: string;
  readonly status: string;
  readonly outcome: string;
  readonly correction: { readonly policy: string } | null;
}

describe("the service, watching a simulated cloud", { timeout: 30_000 }, () => {
  it("offers a correction that the provider takes, and that resolves the finding", async () => {
    const world = await createWorld();
    onTestFinished(() => world.close());
    const server = await world.start();
    onTestFinished(() => server.close());
    const get = async <T>(path: string) => (await (await fetch(server.url + path)).json()) as T;
    const list = async (query: string) => (await get<{ findings: readonly Finding[] }>(`/findings?${query}`)).findings;
    /** Until it holds; a test that waits in vain ends by its own time-out. */
    const until = async <T>(ask: () => Promise<T>, holds: (answer: T) => boolean): Promise<T> => {
      for (let answer = await ask(); ; answer = await ask()) {
        if (holds(answer)) return answer;
        await sleep(50);
      }
    };
    const policy = JSON.stringify({ Version: "2012-10-17", Statement: wizard?.before });
    world.simulator.control.patch({ resource: testKeyArn, change: { policy } });
    const [open] = await until(
      () => list(`check=${check}&status=open`),
      (findings) => findings.length === 1,
    );
    const criticalBefore = (await list("status=open&severity=critical")).length;

    const { correction } = await get<Finding>(`/findings/${open?.id}`);
    expect(JSON.parse(correction?.policy ?? "null")).toEqual({ Version: "2012-10-17", Statement: wizard?.after });
    await kmsClient(world.simulator).send(new PutKeyPolicyCommand({ KeyId: testKeyArn, Policy: correction?.policy }));

    const finding = await until(
      () => get<Finding>(`/findings/${open?.id}`),
      ({ status }) => status === "resolved",
    );
    expect(finding).toMatchObject({ outcome: "pass", correction: null });
    expect(await list("status=open&severity=critical")).toHaveLength(criticalBefore - 1);
  });
});
