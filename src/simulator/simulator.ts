// Joins the parts: the clouds, their control, and the listeners on the loopback interface.
import { AwsCloud } from "./aws/aws-cloud.ts";
import { AzureCloud } from "./azure/azure-cloud.ts";
import { CallCounter } from "./call-counts.ts";
import { type Control, createControl } from "./control.ts";
import { startControlServer } from "./control-server.ts";
import { Gate } from "./gate.ts";
import { GcpCloud } from "./gcp/gcp-cloud.ts";
import { startGrpcServer } from "./grpc-server.ts";
import { seededRandom } from "./random.ts";
import { Rules } from "./rules.ts";
import { startWireServer } from "./wire-server.ts";

export interface SimulatorOptions {
  /** Of the generator that spreads latencies. Default 1. */
  readonly seed?: number;
  /** Epoch milliseconds. Default: the clock of this machine. */
  readonly now?: () => number;
}

export interface GcpEndpoints {
  /** `127.0.0.1:PORT`, plaintext: Cloud KMS with IAM's mixin, the Resource Manager, Logging. */
  readonly grpc: string;
  /** `http://127.0.0.1:PORT`: everything else. */
  readonly rest: string;
}

/** A running simulator. */
export interface Simulator {
  /** Where AWS is, for every service and region: `http://127.0.0.1:PORT`. */
  readonly endpoint: string;
  readonly control: Control;
  /** Where the verbs are answered over HTTP: `POST <controlUrl>/<verb>`. */
  readonly controlUrl: string;
  readonly aws: AwsCloud;
  readonly gcp: GcpCloud;
  /** Where Google Cloud is, for every API and project. */
  readonly gcpEndpoints: GcpEndpoints;
  readonly azure: AzureCloud;
  /** Where Azure is, for every host of it: `http://127.0.0.1:PORT`. */
  readonly azureEndpoints: { readonly origin: string };
  /** Stops listening and cuts every open connection. */
  readonly close: () => Promise<void>;
}

/** Starts the local clouds, each wire on a loopback port of its own, and their control on another. Nothing leaves this machine. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { seed = 1, now = Date.now } = options;
  const aws = new AwsCloud(now);
  const gcp = new GcpCloud(now);
  const azure = new AzureCloud(now);
  const rules = new Rules();
  const counter = new CallCounter();
  let random = seededRandom(seed);
  const control = createControl({
    clouds: [aws, gcp, azure],
    rules,
    counter,
    reseed: () => {
      random = seededRandom(seed);
    },
  });
  const gate = new Gate(rules, counter, now);
  const draw = (): number => random();
  const wire = await startWireServer(aws, gate, draw);
  const rest = await startWireServer(gcp, gate, draw);
  const azureWire = await startWireServer(azure, gate, draw);
  const grpc = await startGrpcServer(gcp, gate, draw);
  const controlServer = await startControlServer(control);
  return {
    endpoint: wire.url,
    control,
    controlUrl: `${controlServer.url}/control`,
    aws,
    gcp,
    gcpEndpoints: { grpc: grpc.address, rest: rest.url },
    azure,
    azureEndpoints: { origin: azureWire.url },
    close: async () => {
      await Promise.all([wire, rest, azureWire, grpc, controlServer].map((server) => server.close()));
    },
  };
}
