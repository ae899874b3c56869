/** Which exceptions say what is wrong. */
import { expect, it } from "vitest";
import { createInstance } from "../../../src/connect/ice/schema/instance.js";
import type { GraphException } from "../../../src/connect/ice/schema/omero.js";
import { queryParameters } from "../../../src/gateway/query-parameters.js";
import { rlist, rstring } from "../../../src/rtypes.js";
import { failureOf, idOf, logIn, NOWHERE, type RuledServer, type ServerUnderTest } from "./ruled-server.js";

const ALL_GROUPS = { context: { "omero.group": "-1" } };

export function describeErrors(serverUnderTest: ServerUnderTest): void {
  it("what may not be read is a SecurityViolation to find and to get, in all groups too", async () => {
    await using client = await logIn(serverUnderTest());
    const query = await client.query();
    const { foreignImage } = serverUnderTest();
    for (const options of [{}, ALL_GROUPS]) {
      for (const ask of ["find", "get"] as const) {
        const failure = await failureOf(query[ask]("Image", foreignImage, options));
        expect(failure).toMatchObject({ serverException: "::omero::SecurityViolation" });
        expect(failure.message).toContain(`Cannot read ome.model.core.Image:Id_${foreignImage}`);
      }
    }
  });

  it("what does not exist is null to find, a ValidationException to get", async () => {
    await using client = await logIn(serverUnderTest());
    const query = await client.query();
    for (const options of [{}, ALL_GROUPS]) {
      expect(await query.find("Image", NOWHERE, options)).toBeNull();
      const failure = await failureOf(query.get("Image", NOWHERE, options));
      expect(failure).toMatchObject({ serverException: "::omero::ValidationException" });
      expect(failure.message).toContain(`No row with the given identifier exists: [ome.model.core.Image#${NOWHERE}]`);
    }
  });

  it("one object asked for where there are several, no ids, a missing parameter are ApiUsageExceptions", async () => {
    await using client = await logIn(serverUnderTest());
    const query = await client.query();
    const experimenters = "select e from Experimenter e";
    const several = await failureOf(query.findByQuery(experimenters, null));
    expect(several.message).toMatch(/select e from Experimenter e has returned more than one Object/);
    for (const call of [
      () => query.findByQuery(experimenters, null),
      () => query.findAllByQuery("select i from Image i where i.id in (:ids)", queryParameters({ ids: rlist([]) })),
      () => query.findAllByQuery("select i from Image i where i.id = :id", null),
    ]) {
      expect(await failureOf(call())).toMatchObject({ serverException: "::omero::ApiUsageException" });
    }
  });

  it("HQL that cannot be read is a QueryException", async () => {
    await using client = await logIn(serverUnderTest());
    const failure = await failureOf((await client.query()).findAllByQuery("select nonsense from", null));
    expect(failure).toMatchObject({ serverException: "::omero::QueryException" });
  });

  it("a refused deletion gives its reason in the member message alone", async () => {
    await using client = await logIn(serverUnderTest());
    const refused = (await client.submit(
      deletion("Dataset", await othersDataset(serverUnderTest())),
    )) as GraphException;
    expect(refused).toMatchObject({ iceId: "::omero::cmd::GraphException", category: "::omero::cmd::Delete2" });
    expect(refused.message).toMatch(/^not permitted to delete ome\.model\.containers\.Dataset\[\d+\]$/);
    expect(refused.parameters.get("message")).toBe("");
  });

  it("a deletion of what is not there is refused", async () => {
    await using client = await logIn(serverUnderTest());
    const refused = (await client.submit(deletion("Image", NOWHERE))) as GraphException;
    expect(refused.iceId).toBe("::omero::cmd::GraphException");
    expect(refused.message).toBe(`cannot read ome.model.core.Image[${NOWHERE}]`);
  });

  it("a finished deletion has no flags", async () => {
    await using client = await logIn(serverUnderTest());
    const annotation = createInstance("::omero::model::CommentAnnotation", { textValue: rstring("x"), loaded: true });
    const saved = await (await client.update()).saveAndReturnObject(annotation);
    const { response, status } = await client.submitted(deletion("CommentAnnotation", idOf(saved)));
    expect(response.iceId).toBe("::omero::cmd::Delete2Response");
    expect(status).toMatchObject({ flags: [], category: "", name: "" });
  });
}

function deletion(type: string, id: bigint) {
  return createInstance("::omero::cmd::Delete2", { targetObjects: new Map([[type, BigInt64Array.of(id)]]) });
}

async function othersDataset(server: RuledServer): Promise<bigint> {
  await using colleague = await logIn(server, "colleague");
  const dataset = createInstance("::omero::model::Dataset", { name: rstring("not the user's"), loaded: true });
  return idOf(await (await colleague.update()).saveAndReturnObject(dataset));
}
