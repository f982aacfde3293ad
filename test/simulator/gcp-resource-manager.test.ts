import { expect, test } from "vitest";
import { sampleFolder, sampleProject } from "../../src/simulator/gcp/resources.ts";
import type { Simulator } from "../../src/simulator/simulator.ts";
import { testSimulator } from "./aws-clients.ts";
import {
  addSamples,
  folderName,
  foldersClient,
  grpcRefusal,
  loggingClient,
  once,
  organizationName,
  projectName,
  projectsClient,
  rest,
} from "./gcp-clients.ts";

async function prepared(): Promise<Simulator> {
  const simulator = await testSimulator();
  addSamples(simulator);
  return simulator;
}

test.each([projectName, "projects/123456789012"])("GetProject of %s answers id and number", async (name) => {
  const simulator = await prepared();
  simulator.control.patch({ resource: projectName, change: { labels: { team: "payments" } } });
  const [project] = await projectsClient(simulator).getProject({ name }, once());
  expect(project).toMatchObject({
    name: "projects/123456789012",
    projectId: "example-project",
    parent: folderName,
    state: "ACTIVE",
    displayName: "example-project",
    createTime: { seconds: "1782864000", nanos: 0 },
    labels: { team: "payments" },
  });
});

test("a project that is about to be deleted says so", async () => {
  const simulator = await prepared();
  simulator.control.patch({ resource: projectName, change: { state: "DELETE_REQUESTED" } });
  const [project] = await projectsClient(simulator).getProject({ name: projectName }, once());
  expect(project.state).toBe("DELETE_REQUESTED");
});

test("a project that is about to be deleted can be kept, and no other", async () => {
  const simulator = await prepared();
  simulator.control.patch({ resource: projectName, change: { state: "DELETE_REQUESTED" } });
  const projects = projectsClient(simulator);
  const [operation] = await projects.undeleteProject({ name: projectName }, once());
  expect((await operation.promise())[0]).toMatchObject({ name: "projects/123456789012", projectId: "example-project" });
  const [project] = await projects.getProject({ name: projectName }, once());
  expect(project.state).toBe("ACTIVE");
  expect(await grpcRefusal(projects.undeleteProject({ name: projectName }, once()))).toMatchObject({ code: 9 });
});

test("what does not exist is refused like what may not be seen", async () => {
  const simulator = await prepared();
  const name = "projects/nobodys-project";
  const resource = `//cloudresourcemanager.googleapis.com/${name}`;
  expect(await grpcRefusal(projectsClient(simulator).getProject({ name }, once()))).toEqual({
    code: 7,
    message: `Permission 'resourcemanager.projects.get' denied on resource '${resource}' (or it may not exist).`,
    reason: "IAM_PERMISSION_DENIED",
    domain: "cloudresourcemanager.googleapis.com",
    metadata: { permission: "resourcemanager.projects.get", resource: name },
  });
  const folder = foldersClient(simulator).getIamPolicy({ resource: "folders/1" }, once());
  expect(await grpcRefusal(folder)).toMatchObject({ code: 7, reason: "IAM_PERMISSION_DENIED" });
  expect((await rest(simulator, `/v1/${name}:getAncestry`, { method: "POST" })).status).toBe(403);
});

test("getAncestry goes from the project up", async () => {
  const simulator = await prepared();
  const upper = "folders/333333333333";
  simulator.gcp.addFolder(sampleFolder({ parent: upper }));
  simulator.gcp.addFolder(sampleFolder({ name: upper, parent: organizationName }));
  const answer = await rest(simulator, `/v1/${projectName}:getAncestry`, { method: "POST", body: "{}" });
  const chain = [
    ["project", "example-project"],
    ["folder", "444444444444"],
    ["folder", "333333333333"],
    ["organization", "555555555555"],
  ];
  const ancestor = chain.map(([type, id]) => ({ resourceId: { type, id } }));
  expect(answer).toEqual({ status: 200, body: { ancestor } });
});

test("getAncestry of a project in no organization is the project alone", async () => {
  const simulator = await prepared();
  simulator.gcp.addProject(sampleProject());
  const answer = await rest(simulator, "/v1/projects/123456789012:getAncestry", { method: "POST" });
  expect(answer.body).toEqual({ ancestor: [{ resourceId: { type: "project", id: "example-project" } }] });
});

test("ListSinks answers the two of every project, and what was done to them", async () => {
  const simulator = await prepared();
  const logging = loggingClient(simulator);
  const exclusions = [{ name: "quiet", filter: 'LOG_ID("cloudaudit.googleapis.com/data_access")' }];
  simulator.control.patch({ resource: projectName, change: { sinks: { _Default: { disabled: true, exclusions } } } });
  const [sinks] = await logging.listSinks({ parent: projectName }, once());
  const bucket = `logging.googleapis.com/${projectName}/locations/global/buckets`;
  expect(sinks).toMatchObject([
    {
      name: "_Required",
      destination: `${bucket}/_Required`,
      filter: expect.stringContaining('LOG_ID("cloudaudit.googleapis.com/activity") OR ') as string,
      disabled: false,
      exclusions: [],
    },
    { name: "_Default", destination: `${bucket}/_Default`, disabled: true, exclusions },
  ]);
});

test("ListSinks and ListExclusions answer a page at a time", async () => {
  const simulator = await prepared();
  const logging = loggingClient(simulator);
  const exclusions = { one: { filter: "a" }, two: { filter: "b", disabled: true }, three: { filter: "c" } };
  simulator.control.patch({ resource: projectName, change: { exclusions } });
  const parent = projectName;
  const [first, , page] = await logging.listExclusions({ parent, pageSize: 2 }, once());
  expect(first).toMatchObject([
    { name: "one", filter: "a", disabled: false },
    { name: "two", filter: "b", disabled: true },
  ]);
  const { nextPageToken: pageToken } = page as { nextPageToken: string };
  expect((await logging.listExclusions({ parent, pageSize: 2, pageToken }, once()))[0]).toMatchObject([
    { name: "three" },
  ]);
  expect((await logging.listSinks({ parent, pageSize: 1 }, once()))[0]).toMatchObject([{ name: "_Required" }]);
});

test("UpdateSink and DeleteExclusion put right what loses logs", async () => {
  const simulator = await prepared();
  const logging = loggingClient(simulator);
  const lossy = [
    { name: "quiet", filter: "a" },
    { name: "kept", filter: "b" },
  ];
  simulator.control.patch({
    resource: projectName,
    change: { sinks: { _Default: { disabled: true, exclusions: lossy } }, exclusions: { old: { filter: "c" } } },
  });
  const sinkName = `${projectName}/sinks/_Default`;
  const sink = { name: "_Default", disabled: false, exclusions: [{ name: "kept", filter: "b" }] };
  await logging.updateSink({ sinkName, sink, updateMask: { paths: ["disabled", "exclusions"] } }, once());
  await logging.deleteExclusion({ name: `${projectName}/exclusions/old` }, once());
  const [sinks] = await logging.listSinks({ parent: projectName }, once());
  expect(sinks).toMatchObject([{}, { name: "_Default", disabled: false, exclusions: [{ name: "kept" }] }]);
  expect((await logging.listExclusions({ parent: projectName }, once()))[0]).toEqual([]);
  const again = logging.deleteExclusion({ name: `${projectName}/exclusions/old` }, once());
  expect(await grpcRefusal(again)).toMatchObject({ code: 5, message: "Exclusion old does not exist" });
  const nobody = { sinkName: `${projectName}/sinks/nobody`, sink, updateMask: { paths: ["disabled"] } };
  expect((await grpcRefusal(logging.updateSink(nobody, once()))).code).toBe(5);
  expect((await grpcRefusal(logging.updateSink({ sinkName, sink, updateMask: { paths: [] } }, once()))).code).toBe(3);
});
