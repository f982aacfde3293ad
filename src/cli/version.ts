import packageJson from "../../package.json" with { type: "json" };

/** Of the service and of its catalogue: they are released together. */
export const version: string = packageJson.version;
